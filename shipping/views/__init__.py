"""Pages and addresses of parcels: partners, papers, picking, carriers."""

from shipping.views.partners import partner_answer

__all__ = ["partner_answer"]
