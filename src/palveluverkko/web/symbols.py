"""One shape and colour an outcome, drawn in a box of 20 × 20, for map and legend alike.

Shapes differ as well as colours, so that nobody needs to tell colours apart. Every colour has a
contrast of at least 3:1 against the map's land (WCAG 2.1, 1.4.11).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from palveluverkko.criteria.model import Outcome
from palveluverkko.snapshot.model import PointKind


@dataclass(frozen=True, slots=True)
class Shape:
    path: str
    fill: str
    stroke: str


def _circle(radius: float) -> str:
    r = radius
    return f"M{10 - r} 10a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"


SHAPES: dict[Outcome, Shape] = {
    Outcome.KEEP: Shape(_circle(6), "#0062b9", "#004f94"),
    Outcome.MAY_BE_REPLACED: Shape("M10 1.5L18.5 10L10 18.5L1.5 10Z", "#b01038", "#800b28"),
    Outcome.NOT_PERMITTED: Shape("M3.5 3.5H16.5V16.5H3.5Z", "#6b3fa0", "#4a2a73"),
    Outcome.CAPACITY_LIMITED: Shape("M10 2L18.5 17H1.5Z", "#b25000", "#7f3900"),
    Outcome.UNKNOWN: Shape(_circle(6), "#ffffff", "#4d4d4d"),
    Outcome.ADD_DAY: Shape(
        "M7.5 2H12.5V7.5H18V12.5H12.5V18H7.5V12.5H2V7.5H7.5Z", "#00664f", "#00483a"
    ),
    Outcome.ADD_POP_UP: Shape("M10 18L1.5 3H18.5Z", "#00664f", "#00483a"),
    Outcome.ADD_POINT: Shape(
        "M10 1.5L12.5 7.2L18.7 7.8L14 11.9L15.4 18L10 14.8L4.6 18L6 11.9L1.3 7.8L7.5 7.2Z",
        "#00664f",
        "#00483a",
    ),
}

# What asks for attention is drawn last, above the rest.
DRAWING_ORDER: tuple[Outcome, ...] = (
    Outcome.KEEP,
    Outcome.UNKNOWN,
    Outcome.CAPACITY_LIMITED,
    Outcome.NOT_PERMITTED,
    Outcome.MAY_BE_REPLACED,
    Outcome.ADD_DAY,
    Outcome.ADD_POP_UP,
    Outcome.ADD_POINT,
)

AREA = "area"
SIZES: dict[str, float] = {
    PointKind.SERVICE_POINT.value: 1.0,
    PointKind.JOINT_SERVICE_POINT.value: 0.62,
    PointKind.POP_UP_POINT.value: 0.62,
    AREA: 0.8,
}


def shapes_as_data() -> dict[str, dict[str, str]]:
    """The shapes for the map's script."""
    return {outcome.value: asdict(shape) for outcome, shape in SHAPES.items()}
