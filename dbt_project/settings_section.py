"""What every part of tieout.yml is made of: unknown keys refused, names that are safe as words."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
SecretName = Annotated[str, Field(pattern=r"^TIEOUT_SECRET_[A-Z0-9_]+$")]


class Section(BaseModel):
    """A part of tieout.yml: unknown keys are refused, values cannot change after start."""

    model_config = ConfigDict(extra="forbid", frozen=True)
