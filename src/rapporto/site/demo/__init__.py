"""The demo company, Officine Adige S.r.l. of Verona, maker of lifting machines: always the same, invented, as if real."""

from rapporto.site.demo.loading import load

__all__ = ["load"]
