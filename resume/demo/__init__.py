"""The invented city: `resume demo` loads it through the doors of the system itself."""

from resume.demo.loading import HomeInUse, load_demo

__all__ = ["HomeInUse", "load_demo"]
