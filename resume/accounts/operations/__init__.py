"""The doors of accounts, by what is done there."""

from resume.accounts.operations.accounts import (
    BadAccount,
    NameTaken,
    NewAccount,
    UnknownStreet,
    create_account,
    set_disabled,
)
from resume.accounts.operations.recovery import change_password
from resume.accounts.operations.sign_in import (
    SignInOver,
    WrongCode,
    WrongSignIn,
    end_others,
    enter_code,
    sign_in,
    sign_out,
)

__all__ = [
    "BadAccount",
    "NameTaken",
    "NewAccount",
    "SignInOver",
    "UnknownStreet",
    "WrongCode",
    "WrongSignIn",
    "change_password",
    "create_account",
    "end_others",
    "enter_code",
    "set_disabled",
    "sign_in",
    "sign_out",
]
