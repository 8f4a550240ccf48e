"""What of a worker is sealed: his name, document, phone, address and remarks, together, bound to his row."""

from __future__ import annotations

from dataclasses import dataclass, fields
from uuid import UUID

from resume.people.documents import DocumentType
from resume.people.masking import mask_name, mask_number, mask_phone
from resume.places.districts import DISTRICTS
from resume.places.matching import Address
from resume.roster.models import Worker
from resume.roster.sheet import WorkerRow
from resume.sealing import sealer


@dataclass(frozen=True, slots=True)
class WorkerDetails:
    """The opened personal data of one worker; `district` is a code, absent texts are ""."""

    name: str
    document_type: str
    document_number: str
    phone: str
    district: str
    street: str
    compound: str
    building: str
    unit: str
    room: str
    remarks: str

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def masked_number(self) -> str:
        return mask_number(self.document_number)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def document_type_name(self) -> str:
        """The document's name, in the language of the reader."""
        return str(DocumentType(self.document_type).shown)

    @property
    def short_address(self) -> str:
        """Compound and building, as typed."""
        return self.compound + self.building

    @property
    def address(self) -> str:
        """The whole address without the room."""
        district = DISTRICTS.get(self.district, self.district)
        return district + self.street + self.compound + self.building + self.unit

    @property
    def matched_by(self) -> Address:
        """What the register of places is asked for."""
        return Address(self.district, self.compound, self.building)


def details_of(row: WorkerRow) -> WorkerDetails:
    """The personal data of a row as read."""
    return WorkerDetails(
        name=row.name,
        document_type=row.document.type.value,
        document_number=row.document.number,
        phone=row.phone,
        district=row.district,
        street=row.street,
        compound=row.compound,
        building=row.building,
        unit=row.unit,
        room=row.room,
        remarks=row.remarks,
    )


def seal_details(worker_id: UUID, details: WorkerDetails) -> bytes:
    """The details as they are stored in the worker's row, and in no other."""
    return sealer().seal({name: getattr(details, name) for name in _FIELDS}, place=_place(worker_id))


def open_details(worker: Worker) -> WorkerDetails:
    """The worker's personal data. Raises Unsealable where the row was tampered with."""
    return open_sealed(worker.id, worker.sealed)


def open_sealed(worker_id: UUID, sealed: bytes) -> WorkerDetails:
    """As `open_details`, for a row that was not read as a whole."""
    return WorkerDetails(**sealer().open(sealed, place=_place(worker_id)))


def reseal(sealed: bytes, *, of: UUID, to: UUID) -> bytes:
    """What is sealed for the row `of`, sealed for the row `to`; nobody needs to read it for that."""
    return sealer().seal_bytes(sealer().open_bytes(sealed, place=_place(of)), place=_place(to))


# dataclasses.asdict copies deeply, which costs a long list more than the sealing itself.
_FIELDS = tuple(each.name for each in fields(WorkerDetails))


def _place(worker_id: UUID) -> str:
    return f"worker:sealed:{worker_id}"
