"""Files sent to Stripe, as multipart forms."""

from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

from shop.standin.desk import Desk, new_id
from shop.standin.errors import ApiError, invalid, missing
from shop.standin.messages import Request
from shop.standin.objects import Upload
from shop.standin.params import Params

LARGEST = 5 * 1024 * 1024
PURPOSE = "dispute_evidence"
KINDS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
ENDINGS = {"pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "png": "png"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came."""

    filename: str
    content: bytes
    content_type: str

    @property
    def kind(self) -> str:
        return KINDS.get(self.content_type) or ENDINGS.get(self.filename.rpartition(".")[2], "")


def read(request: Request) -> tuple[Params, Sent | None]:
    """Return the fields of a multipart form and its file. Raises ApiError when it is broken."""
    head = f"Content-Type: {request.headers.get('Content-Type', '')}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    if not message.is_multipart():
        raise ApiError("The request body is not multipart/form-data.")
    fields: Params = {}
    sent = None
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        name = part.get_param("name", header="content-disposition")
        if not isinstance(content, bytes) or not isinstance(name, str):
            raise ApiError("A part of the form has no name.")
        if part.get_filename() is not None:
            # Some clients send where the file lay, too.
            name = str(part.get_filename()).rpartition("/")[2]
            sent = Sent(name, content, part.get_content_type())
        else:
            fields[name] = content.decode(errors="replace")
    return fields, sent


def keep(desk: Desk, fields: Params, sent: Sent | None) -> Upload:
    if sent is None:
        raise missing("file")
    if fields.get("purpose") != PURPOSE:
        raise invalid("purpose", f"The stand-in takes files for {PURPOSE} only.")
    if not sent.kind:
        raise invalid("file", "Dispute evidence is a PDF, JPEG or PNG file.")
    upload = Upload(
        id=new_id("file"),
        created=desk.now(),
        filename=sent.filename,
        purpose=PURPOSE,
        size=len(sent.content),
        kind=sent.kind,
    )
    desk.store.save(upload)
    return upload
