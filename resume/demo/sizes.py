"""How large the city is: the suggested sizes of domain.md 8, and smaller ones for tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of things. `crowd` is the number of workers of the largest firm, `story` of firms A and B."""

    streets: int = 60
    committees: int = 200
    compounds: int = 400
    buildings: int = 4_000
    hot_buildings: int = 560
    dark_buildings: int = 80
    positives: int = 900
    story: int = 500
    neighbours: int = 300
    crowd: int = 8_000
    others: int = 2_700
    scans: int = 30_000
    medical_exits: int = 60

    @classmethod
    def scaled(cls, scale: float) -> Sizes:
        """The city at `scale` (0 < scale <= 1): the same kinds of things, fewer of each."""
        if not 0 < scale <= 1:
            raise ValueError("scale is above 0 and at most 1")

        full = cls()

        def part(number: int, least: int) -> int:
            return max(least, round(number * scale))

        return cls(
            streets=part(full.streets, 20),
            committees=part(full.committees, 25),
            compounds=part(full.compounds, 40),
            buildings=part(full.buildings, 280),
            hot_buildings=part(full.hot_buildings, 30),
            dark_buildings=part(full.dark_buildings, 6),
            positives=part(full.positives, 45),
            story=part(full.story, 60),
            neighbours=part(full.neighbours, 40),
            crowd=part(full.crowd, 80),
            others=part(full.others, 260),
            scans=part(full.scans, 400),
            medical_exits=part(full.medical_exits, 5),
        )
