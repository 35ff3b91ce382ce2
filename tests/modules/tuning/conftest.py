"""The tiny encoders of the tests of encoders."""

from tests.modules.encoders.conftest import encoder_folder

__all__ = ["encoder_folder"]
