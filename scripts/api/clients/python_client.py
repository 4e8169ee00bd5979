"""Signs in with the client that openapi-python-client generates from the document. See scripts/api-clients.sh."""

import datetime
import sys
import uuid

from doorward_client import AuthenticatedClient, Client
from doorward_client.api.profile import change_password, get_me, get_profile, update_profile
from doorward_client.api.service import get_jwks, get_readiness
from doorward_client.api.sign_in import get_config, get_invite_info, login, logout, refresh, register, switch_org
from doorward_client.models import (
    AuthResponse,
    ChangePasswordRequest,
    ErrorResponse,
    ErrorResponseError,
    HTTPValidationError,
    LoginRequest,
    ProfileResponse,
    RefreshRequest,
    RegisterRequest,
    SwitchOrgRequest,
    SwitchOrgResponse,
    TokenResponse,
    UpdateProfileRequest,
    UserResponse,
    ValidationErrorType,
)

url = sys.argv[1]
password = "correct horse battery staple"
client = Client(url, raise_on_unexpected_status=True)


def signed_in(token):
    return AuthenticatedClient(url, token, raise_on_unexpected_status=True)


# Endpoints that need no account.
assert get_readiness.sync(client=client).status == "ready"
assert get_config.sync(client=client).allow_registration
assert get_invite_info.sync(client=client, token="dwi_unknown").valid is False
assert get_jwks.sync(client=client).keys[0].kid

# Registering, signing in, and getting the current user.
answer = register.sync(
    client=client, body=RegisterRequest("ada@example.com", "ada", password, full_name="Ada Lovelace")
)
assert isinstance(answer, AuthResponse), answer
answer = login.sync(client=client, body=LoginRequest("ada", password))
assert isinstance(answer, AuthResponse), answer
ada = signed_in(answer.access_token)
me = get_me.sync(client=ada)
assert isinstance(me, UserResponse), me
assert isinstance(me.user_id, uuid.UUID) and me.user_id == answer.user.user_id
assert isinstance(me.created_at, datetime.datetime) and me.created_at.utcoffset() == datetime.timedelta(0)
assert (me.username, me.full_name, me.avatar_url, me.roles) == ("ada", "Ada Lovelace", None, ["owner"])

# Omitted fields are kept, `null` clears.
profile = update_profile.sync(client=ada, body=UpdateProfileRequest(bio="Poetical science", timezone="Europe/London"))
assert isinstance(profile, ProfileResponse), profile
profile = update_profile.sync(client=ada, body=UpdateProfileRequest(bio=None))
assert (profile.bio, profile.timezone, profile.full_name) == (None, "Europe/London", "Ada Lovelace")
profile = get_profile.sync(client=ada)
assert isinstance(profile, ProfileResponse) and profile.has_password

# Tokens.
switched = switch_org.sync(client=ada, body=SwitchOrgRequest(str(me.default_workspace_id)))
assert isinstance(switched, SwitchOrgResponse) and switched.org_id == me.default_workspace_id
pair = refresh.sync(client=client, body=RefreshRequest(answer.refresh_token))
assert isinstance(pair, TokenResponse) and pair.token_type == "bearer"
ada = signed_in(pair.access_token)

# 401 and 422 are typed values.
refused = login.sync(client=client, body=LoginRequest("ada", "wrong"))
assert isinstance(refused, ErrorResponse), refused
assert refused.error is ErrorResponseError.AUTHENTICATION_FAILED and refused.status_code == 401
refused = refresh.sync(client=client, body=RefreshRequest("dwr_unknown"))
assert isinstance(refused, ErrorResponse) and refused.details.reason == "token_invalid"
refused = register.sync(client=client, body=RegisterRequest("ada@example", "a", "short"))
assert isinstance(refused, HTTPValidationError), refused
assert [(error.type_, error.loc) for error in refused.detail] == [
    (ValidationErrorType.VALUE_ERROR, ["body", "email"]),
    (ValidationErrorType.STRING_TOO_SHORT, ["body", "username"]),
    (ValidationErrorType.STRING_TOO_SHORT, ["body", "password"]),
]

# 200 with `null`, and its effect.
response = change_password.sync_detailed(client=ada, body=ChangePasswordRequest(password, "seven lucky herons wade"))
assert (response.status_code, response.parsed) == (200, None), response
response = logout.sync_detailed(client=ada)
assert (response.status_code, response.parsed) == (200, None), response
ended = get_me.sync(client=ada)
assert isinstance(ended, ErrorResponse) and ended.status_code == 401
