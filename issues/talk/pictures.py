"""Pictures drawn anew from their dots. The reader of pictures is imported here, for whoever brings one."""

import io

from PIL import Image, ImageFile, ImageOps

from issues.talk.kinds import Kind, NotKept

PIXELS_MOST = 24_000_000
PHOTO_PIXELS_MOST = 80_000_000  # a photo is made smaller while it is read, so that it never lies in memory whole
SIDE_MOST = 2600
FORMATS = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP"}


def redrawn(data, kind):
    """The picture drawn anew from its dots: where and with what it was taken, and anything hidden in it, stays out."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, where it is loaded too, lets half a picture pass
    try:
        with Image.open(io.BytesIO(data), formats=[FORMATS[kind]]) as picture:
            _check_size(picture, kind)
            picture.thumbnail((SIDE_MOST, SIDE_MOST))
            return _saved(ImageOps.exif_transpose(picture), kind)
    except NotKept:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotKept("picture_too_big") from None
    except Exception:  # a broken picture raises whatever its format's reader stumbled over
        raise NotKept("damaged") from None


def _check_size(picture, kind):
    width, height = picture.size
    if width * height > (PHOTO_PIXELS_MOST if kind == Kind.JPEG else PIXELS_MOST):
        raise NotKept("picture_too_big")


def _saved(picture, kind):
    has_holes = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    mode = "RGBA" if has_holes and kind != Kind.JPEG else "RGB"
    bare = Image.new(mode, picture.size)
    bare.paste(picture.convert(mode))
    out = io.BytesIO()
    bare.save(out, FORMATS[kind], **({} if kind == Kind.PNG else {"quality": 85}))
    return out.getvalue()
