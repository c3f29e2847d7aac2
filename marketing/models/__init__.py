from marketing.models.alert import Alert
from marketing.models.content import ContentBlock, LandingPage

__all__ = ["Alert", "ContentBlock", "LandingPage"]
