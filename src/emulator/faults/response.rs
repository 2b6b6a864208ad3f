//! Faults in errors, and in answers as such.

use axum::body::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use super::Deviation::Answer;
use super::{Fault, edit};

pub(super) static FAULTS: &[Fault] = &[
    // How an error is told.
    Fault::new(
        "response.error.status-500",
        "Every error has the status 500.",
        &["errors.every.status-fault", "errors.cause.not-authorized"],
        Answer(|_, response| status_of_errors(response, StatusCode::INTERNAL_SERVER_ERROR)),
    ),
    Fault::new(
        "response.error.status-200",
        "Errors have the status 200.",
        &["errors.every.status-fault"],
        Answer(|_, response| status_of_errors(response, StatusCode::OK)),
    ),
    Fault::new(
        "response.error.status-401",
        "A refused token has the status 401.",
        &["errors.cause.not-authorized"],
        Answer(|_, response| {
            if edit::code(response).as_deref() == Some("NotAuthorizedException") {
                *response.status_mut() = StatusCode::UNAUTHORIZED;
            }
        }),
    )
    .noted(),
    Fault::new(
        "response.error.status-422",
        "A value that breaks a constraint has the status 422.",
        &["errors.cause.invalid-parameter"],
        Answer(|_, response| {
            if edit::code(response).as_deref() == Some("InvalidParameterException") {
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
        }),
    )
    .noted(),
    Fault::new(
        "response.error.internal-400",
        "An internal error has the status 400, so that clients do not try again.",
        &["errors.on-demand.internal-error"],
        Answer(|_, response| {
            if response.status().is_server_error() {
                *response.status_mut() = StatusCode::BAD_REQUEST;
            }
        }),
    ),
    Fault::new(
        "response.error.type-namespaced",
        "`__type` has a namespace in front.",
        &["errors.every.type-bare"],
        Answer(|_, response| {
            edit::error(response, |body| {
                if let Some(Value::String(code)) = body.get_mut("__type") {
                    *code = format!("com.amazonaws.cognitoidentityprovider#{code}");
                }
            })
        }),
    ),
    Fault::new(
        "response.error.type-uri",
        "`__type` has an address behind.",
        &["errors.every.type-bare"],
        Answer(|_, response| {
            edit::error(response, |body| {
                if let Some(Value::String(code)) = body.get_mut("__type") {
                    code.push_str(":http://internal.amazon.com/coral/com.amazon.coral.service/");
                }
            })
        }),
    ),
    Fault::new(
        "response.error.type-missing",
        "Errors are named in the header only.",
        &["errors.every.type-member"],
        Answer(|_, response| {
            edit::error(response, |body| {
                body.shift_remove("__type");
            })
        }),
    ),
    Fault::new(
        "response.error.type-in-code",
        "Errors are named in a member `code`, as by other protocols.",
        &["errors.every.type-member"],
        Answer(|_, response| {
            edit::error(response, |body| {
                if let Some(code) = body.shift_remove("__type") {
                    body.insert("code".to_owned(), code);
                }
            })
        }),
    ),
    Fault::new(
        "response.error.unnamed",
        "Errors are named nowhere.",
        &["errors.every.code", "errors.cause.*"],
        Answer(|_, response| {
            edit::error(response, |body| {
                body.shift_remove("__type");
            });
            response.headers_mut().remove("x-amzn-errortype");
        }),
    ),
    Fault::new(
        "response.error.header-missing",
        "Errors are named in the body only.",
        &["errors.every.type-header"],
        Answer(|_, response| {
            response.headers_mut().remove("x-amzn-errortype");
        }),
    )
    .noted(),
    Fault::new(
        "response.error.header-disagrees",
        "The header names another error than the body.",
        &["errors.every.code.agrees"],
        Answer(|_, response| {
            if edit::is_refusal(response) {
                edit::set(response.headers_mut(), "x-amzn-errortype", "InternalErrorException:");
            }
        }),
    ),
    Fault::new(
        "response.error.message-capital",
        "The message of modelled errors stands in `Message`.",
        &["errors.every.message"],
        Answer(|_, response| {
            edit::error(response, |body| {
                if let Some(message) = body.shift_remove("message") {
                    body.insert("Message".to_owned(), message);
                }
            })
        }),
    ),
    Fault::new(
        "response.error.message-missing",
        "Errors have no message.",
        &["errors.every.message"],
        Answer(|_, response| {
            edit::error(response, |body| {
                body.shift_remove("message");
            })
        }),
    ),
    Fault::new(
        "response.error.message-object",
        "The message of an error is an object.",
        &["errors.every.message"],
        Answer(|_, response| {
            edit::error(response, |body| {
                if let Some(message) = body.get_mut("message") {
                    *message = json!({ "text": message.take() });
                }
            })
        }),
    ),
    Fault::new(
        "response.error.wrapped",
        "The body of an error stands in a member `error`.",
        &["errors.every.type-member"],
        Answer(|_, response| {
            if edit::is_refusal(response) {
                edit::json(response, |body| *body = json!({ "error": body.take() }));
            }
        }),
    ),
    Fault::new(
        "response.error.html",
        "Errors are a page in HTML.",
        &["response.every.json", "response.every.content-type"],
        Answer(|_, response| {
            if edit::is_refusal(response) {
                page(response, "text/html", "<html><body><h1>400 Bad Request</h1></body></html>");
            }
        }),
    ),
    Fault::new(
        "response.error.plain-text",
        "Errors are plain text.",
        &["response.every.json", "response.every.content-type"],
        Answer(|_, response| {
            if edit::is_refusal(response) {
                page(response, "text/plain", "Bad Request");
            }
        }),
    ),
    Fault::new(
        "response.error.empty",
        "Errors have a status and nothing else.",
        &["response.every.json", "errors.cause.*"],
        Answer(|_, response| {
            if edit::is_refusal(response) {
                page(response, "application/x-amz-json-1.1", "");
            }
        }),
    ),
    // Which error it is.
    Fault::new(
        "response.class.unauthorized",
        "A refused token is told as an UnauthorizedException, which Cognito does not have.",
        &["errors.every.modelled", "errors.cause.not-authorized"],
        Answer(|_, response| edit::rename(response, "NotAuthorizedException", "UnauthorizedException")),
    ),
    Fault::new(
        "response.class.validation",
        "A value that breaks a constraint is told as a ValidationException, as by other services.",
        &["errors.every.modelled", "errors.cause.invalid-parameter"],
        Answer(|_, response| edit::rename(response, "InvalidParameterException", "ValidationException")),
    ),
    Fault::new(
        "response.class.not-authorized-is-invalid-parameter",
        "A refused token is told as an InvalidParameterException.",
        &["errors.cause.not-authorized", "token.time.expired-hour"],
        Answer(|_, response| edit::rename(response, "NotAuthorizedException", "InvalidParameterException")),
    ),
    Fault::new(
        "response.class.not-authorized-is-forbidden",
        "A refused token is told as a ForbiddenException.",
        &["errors.cause.not-authorized"],
        Answer(|_, response| edit::rename(response, "NotAuthorizedException", "ForbiddenException")),
    ),
    Fault::new(
        "response.class.not-authorized-is-user-not-found",
        "A refused token is told as a UserNotFoundException, which the operation does not list.",
        &["errors.every.modelled", "errors.cause.not-authorized"],
        Answer(|_, response| edit::rename(response, "NotAuthorizedException", "UserNotFoundException")),
    ),
    Fault::new(
        "response.class.internal",
        "A refused token ends in an internal error.",
        &["errors.cause.not-authorized", "token.structure.garbage"],
        Answer(|_, response| edit::rename(response, "NotAuthorizedException", "InternalErrorException")),
    ),
    Fault::new(
        "response.class.configuration",
        "WebAuthnConfigurationMissingException is written with a small `n`, as some models have it.",
        &["state.relying-party.missing"],
        Answer(|_, response| {
            edit::rename(response, "WebAuthnConfigurationMissingException", "WebauthnConfigurationMissingException");
        }),
    ),
    // What must never be in an answer.
    Fault::new(
        "response.secret.token-echoed",
        "The message of an error repeats the token.",
        &["response.every.secrecy"],
        Answer(|request, response| echo(request, response, "message")),
    ),
    Fault::new(
        "response.secret.token-in-header",
        "A header for debugging repeats the token.",
        &["response.every.secrecy"],
        Answer(|request, response| {
            if let Some(token) = edit::member(request, "AccessToken") {
                edit::set(response.headers_mut(), "x-debug-token", &token);
            }
        }),
    ),
    Fault::new(
        "response.secret.stack-trace",
        "The message of an error is a stack trace.",
        &["response.every.no-stack-trace"],
        Answer(|_, response| {
            edit::error(response, |body| {
                let trace = "TypeError: jwt malformed\n    at verify (/app/node_modules/jsonwebtoken/verify.js:70:17)";
                body.insert("message".to_owned(), trace.into());
            })
        }),
    )
    .noted(),
    // The envelope.
    Fault::new(
        "response.envelope.request-id-missing",
        "Answers have no request id.",
        &["response.every.request-id"],
        Answer(|_, response| {
            response.headers_mut().remove("x-amzn-requestid");
        }),
    ),
    Fault::new(
        "response.envelope.request-id-renamed",
        "The request id stands in the header of another service.",
        &["response.every.request-id"],
        Answer(|_, response| {
            if let Some(id) = response.headers_mut().remove("x-amzn-requestid") {
                response.headers_mut().insert("x-amz-request-id", id);
            }
        }),
    ),
    Fault::new(
        "response.envelope.content-type-json",
        "Answers are `application/json`.",
        &["response.every.content-type"],
        Answer(|_, response| edit::set_content_type(response.headers_mut(), "application/json")),
    ),
    Fault::new(
        "response.envelope.content-type-1.0",
        "Answers are of version 1.0 of the protocol.",
        &["response.every.content-type"],
        Answer(|_, response| edit::set_content_type(response.headers_mut(), "application/x-amz-json-1.0")),
    ),
    Fault::new(
        "response.envelope.content-type-text",
        "Answers are `text/plain`.",
        &["response.every.content-type"],
        Answer(|_, response| edit::set_content_type(response.headers_mut(), "text/plain")),
    ),
    Fault::new(
        "response.envelope.content-type-missing",
        "Answers have no content type.",
        &["response.every.content-type"],
        Answer(|_, response| {
            response.headers_mut().remove(http::header::CONTENT_TYPE);
        }),
    ),
    Fault::new(
        "response.envelope.byte-order-mark",
        "The body begins with a byte order mark.",
        &["response.every.json"],
        Answer(|_, response| text(response, |body| format!("\u{feff}{body}"))),
    ),
    Fault::new(
        "response.envelope.guard",
        "A guard against inclusion as a script stands in front of the body.",
        &["response.every.json"],
        Answer(|_, response| text(response, |body| format!(")]}}',\n{body}"))),
    ),
    Fault::new(
        "response.envelope.truncated",
        "The body ends three characters early.",
        &["response.every.json"],
        Answer(|_, response| {
            text(response, |body| body.get(..body.len().saturating_sub(3)).unwrap_or_default().to_owned());
        }),
    ),
    Fault::new(
        "response.envelope.two-documents",
        "A second JSON value stands behind the body.",
        &["response.every.json"],
        Answer(|_, response| text(response, |body| format!("{body}{{}}"))),
    ),
    Fault::new(
        "response.success.status-201",
        "A success has the status 201.",
        &["response.every.status"],
        Answer(|_, response| {
            if response.status().is_success() {
                *response.status_mut() = StatusCode::CREATED;
            }
        }),
    ),
    Fault::new(
        "response.success.member-in-camel-case",
        "The output's member is in camel case.",
        &["response.every.members", "options.served"],
        Answer(|_, response| on_success(response, |options| json!({ "credentialCreationOptions": options }))),
    ),
    Fault::new(
        "response.success.bare",
        "The options are the whole body.",
        &["response.every.members", "options.served"],
        Answer(|_, response| on_success(response, |options| options)),
    ),
    Fault::new(
        "response.success.null",
        "The output's member is null.",
        &["response.every.members"],
        Answer(|_, response| on_success(response, |_| json!({ "CredentialCreationOptions": null }))),
    ),
    Fault::new(
        "response.success.empty-object",
        "A success is an empty object.",
        &["response.every.members"],
        Answer(|_, response| on_success(response, |_| json!({}))),
    ),
    Fault::new(
        "response.success.metadata",
        "The output has the `ResponseMetadata` that an SDK puts there.",
        &["response.every.unknown-members"],
        Answer(|_, response| {
            on_success(response, |options| {
                let metadata = json!({ "HTTPStatusCode": 200, "RetryAttempts": 0 });
                json!({ "CredentialCreationOptions": options, "ResponseMetadata": metadata })
            });
        }),
    )
    .noted(),
    Fault::new(
        "response.success.wrapped",
        "The output stands in a member `Output`, as in the service's older protocol.",
        &["response.every.members", "options.served"],
        Answer(|_, response| {
            on_success(
                response,
                |options| json!({ "Output": { "CredentialCreationOptions": options }, "Version": "1.0" }),
            );
        }),
    ),
];

fn status_of_errors(response: &mut Response<Bytes>, status: StatusCode) {
    if edit::is_refusal(response) {
        *response.status_mut() = status;
    }
}

/// Puts a page in place of the answer, without a word of AWS JSON.
fn page(response: &mut Response<Bytes>, content_type: &'static str, body: &'static str) {
    edit::set_content_type(response.headers_mut(), content_type);
    response.headers_mut().remove("x-amzn-errortype");
    response.headers_mut().remove("x-amzn-errormessage");
    *response.body_mut() = Bytes::from_static(body.as_bytes());
}

fn text(response: &mut Response<Bytes>, change: impl FnOnce(&str) -> String) {
    if let Some(changed) = edit::text(response.body()).map(change) {
        *response.body_mut() = changed.into();
    }
}

fn on_success(response: &mut Response<Bytes>, body: impl FnOnce(Value) -> Value) {
    if response.status().is_success() {
        edit::json(response, |success| *success = body(success["CredentialCreationOptions"].take()));
    }
}

/// Repeats the token in a member of an error.
fn echo(request: &Request<Bytes>, response: &mut Response<Bytes>, member: &str) {
    if let Some(token) = edit::member(request, "AccessToken") {
        edit::error(response, |body| {
            body.insert(member.to_owned(), format!("Invalid token: {token}").into());
        });
    }
}
