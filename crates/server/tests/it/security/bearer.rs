//! Where tokens are accepted, and in what form.

use doorward_domain::token::{PlainToken, TokenPurpose, TokenRef};
use serde_json::json;

use crate::support::{Browser, PASSWORD, Person, TestApp, on_both};

/// Returns a valid token of each purpose.
async fn all(app: &TestApp, ann: &Person) -> [(TokenPurpose, String); 6] {
    let verify = app.mail().await.token();
    let body = json!({ "email": "ann@example.com" });
    app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
    let reset = app.mail().await.token();
    let org = app.shared_org(ann).await;
    let invite = app.invite(ann, org, "bob@example.com").await;
    let device = app.login("ann", PASSWORD).await.header("device-token").to_owned();
    let refresh = PlainToken::new(ann.refresh.clone());
    let browser =
        app.state.application.sessions.refresh.for_browser(&refresh).unwrap().expose().to_owned();
    [
        (TokenPurpose::Device, device),
        (TokenPurpose::Browser, browser),
        (TokenPurpose::Refresh, ann.refresh.clone()),
        (TokenPurpose::VerifyEmail, verify),
        (TokenPurpose::ResetPassword, reset),
        (TokenPurpose::Invite, invite),
    ]
}

/// Presents a token for a purpose, and returns `true` if it was accepted. Device tokens alone are never accepted.
async fn present(app: &TestApp, purpose: TokenPurpose, token: &str) -> bool {
    let (path, body) = match purpose {
        TokenPurpose::Refresh => ("refresh", json!({ "refresh_token": token })),
        TokenPurpose::VerifyEmail => ("verify-email", json!({ "token": token })),
        TokenPurpose::ResetPassword => {
            ("reset-password", json!({ "token": token, "new_password": "seven lucky herons wade" }))
        }
        TokenPurpose::Invite => {
            let (email, name) = ("bob@example.com", "bob");
            let body = json!({
                "email": email, "username": name, "password": PASSWORD, "invite_token": token,
            });
            ("register", body)
        }
        TokenPurpose::Browser => return resumes(app, token).await,
        TokenPurpose::Device => return false,
    };
    let answer = app.post(&format!("/v1/auth/{path}")).json(&body).send().await;
    assert!(matches!(answer.status, 200 | 401 | 422), "{path}: {}", answer.body);
    answer.status == 200
}

/// Returns `true` if a browser with this session cookie is signed in. Servers strip spaces around cookies, so a token
/// with such characters is not tried.
async fn resumes(app: &TestApp, token: &str) -> bool {
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    let cookie = format!("doorward-session={token}");
    let page = Browser::new(app).get_with(&[("cookie", &cookie)], "/account").await;
    page.status == 200
}

on_both! {
    async fn token_is_refused_for_every_other_purpose(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let tokens = all(&app, &ann).await;
        let before = app.database.rows().await;
        app.statements.take();
        for (own, token) in &tokens {
            app.me(token).await.error(401, "AUTHENTICATION_FAILED");
            for purpose in TokenPurpose::ALL.into_iter().filter(|purpose| purpose != own) {
                assert!(!present(&app, purpose, token).await, "{own:?} as {purpose:?}");
                let relabelled = token.replacen(own.prefix(), purpose.prefix(), 1);
                assert!(!present(&app, purpose, &relabelled).await, "{own:?} as {purpose:?}");
            }
        }
        for purpose in TokenPurpose::ALL {
            assert!(!present(&app, purpose, &ann.access).await, "access as {purpose:?}");
        }
        assert!(app.statements.take().is_empty(), "a query was sent");
        assert_eq!(app.database.rows().await, before);
        // Each token is accepted for its own purpose.
        app.me(&ann.access).await.ok();
        for (own, token) in &tokens {
            assert_eq!(present(&app, *own, token).await, *own != TokenPurpose::Device, "{own:?}");
        }
    }

    async fn truncated_extended_or_changed_token_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let tokens = all(&app, &ann).await;
        let before = app.database.rows().await;
        let mut forged = Vec::new();
        for (own, token) in &tokens {
            forged.extend((0..token.len()).step_by(3).map(|at| (*own, token[..at].to_owned())));
            for ending in ["A", "=", "==", " ", "\n", "\0", "%00", ".", "/", token] {
                forged.push((*own, format!("{token}{ending}")));
                forged.push((*own, format!("{ending}{token}")));
            }
            forged.push((*own, token.to_uppercase()));
            forged.push((*own, token.to_lowercase()));
            for at in (0..token.len()).step_by(3) {
                let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
                let mut changed = token.clone();
                changed.replace_range(at..=at, other);
                forged.push((*own, changed));
            }
        }
        app.statements.take();
        for (own, token) in forged {
            assert!(!present(&app, own, &token).await, "{own:?}: {token:?}");
        }
        assert!(app.statements.take().is_empty(), "a query was sent");
        assert_eq!(app.database.rows().await, before);
        for (own, token) in &tokens {
            assert_eq!(present(&app, *own, token).await, *own != TokenPurpose::Device, "{own:?}");
        }
    }

    async fn forged_refresh_token_ends_no_session(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let elsewhere = TestApp::start(backend).await;
        for counter in 0..1000 {
            // Derived from another server's secret.
            let row = TokenRef { id: uuid::Uuid::from_u128(counter), counter: 1 };
            let token = elsewhere.state.ports.opaque_tokens.issue(TokenPurpose::Refresh, row);
            app.refresh(token.expose()).await.error(401, "AUTHENTICATION_FAILED");
        }
        app.me(&ann.access).await.ok();
        app.refresh(&ann.refresh).await.ok();
    }

    async fn access_token_is_accepted_only_in_the_authorization_header(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let access = &ann.access;
        for name in ["access_token", "token", "bearer", "authorization", "jwt"] {
            let call = app.get(&format!("/v1/auth/me?{name}={access}"));
            call.send().await.error(401, "AUTHENTICATION_FAILED");
            let call = app.get("/v1/auth/me").header("cookie", &format!("{name}={access}"));
            call.send().await.error(401, "AUTHENTICATION_FAILED");
            let call = app.post("/v1/auth/logout").json(&json!({ name: access }));
            call.send().await.error(401, "AUTHENTICATION_FAILED");
        }
        for name in [
            "x-access-token", "x-auth-token", "x-forwarded-authorization", "proxy-authorization",
            "x-original-authorization", "x-user-id", "x-forwarded-user",
        ] {
            for value in [access.clone(), format!("Bearer {access}"), ann.id.to_string()] {
                let call = app.get("/v1/auth/me").header(name, &value);
                call.send().await.error(401, "AUTHENTICATION_FAILED");
            }
        }
        // A second token outside the header changes nothing, either.
        let bob = app.register("bob").await;
        let path = format!("/v1/auth/me?access_token={}", bob.access);
        let call = app.get(&path).bearer(access).header("cookie", &format!("token={}", bob.access));
        assert_eq!(call.send().await.ok()["username"], "ann");
    }

    async fn two_authorization_headers_are_refused(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let good = format!("Bearer {}", ann.access);
        for other in [good.as_str(), "Bearer x", "Basic YW5uOngxMjM0NTY3OA=="] {
            for (first, second) in [(good.as_str(), other), (other, good.as_str())] {
                let call = app.get("/v1/auth/me").header("authorization", first);
                let call = call.header("authorization", second);
                call.send().await.error(401, "AUTHENTICATION_FAILED");
            }
        }
    }

    async fn malformed_authorization_header_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let good = ann.access.as_bytes();
        let values: Vec<Vec<u8>> = vec![
            b"".to_vec(),
            b" ".to_vec(),
            b"Bearer".to_vec(),
            b"Bearer\t".to_vec(),
            [b"Bearer\t", good].concat(),
            [b"Bearer", good].concat(),
            [b"Bearer ", good, b" ", good].concat(),
            [b"Bearer ", good, b",Bearer ", good].concat(),
            [b"Bearer,", good].concat(),
            b"Bearer \xff\xfe\xfd".to_vec(),
            "Bearer ｅｙＪ😀".as_bytes().to_vec(),
            b"\xc3\x28 x".to_vec(),
            [b"Bearer ".to_vec(), vec![b'.'; 60_000]].concat(),
            [b"Bearer ".to_vec(), vec![b'a'; 64 * 1024]].concat(),
            vec![b' '; 20_000],
            b"Digest username=\"ann\", nonce=\"".to_vec(),
            b"Bearer null".to_vec(),
            b"Bearer undefined".to_vec(),
            b"Bearer {}".to_vec(),
        ];
        for value in values {
            for call in ["GET /v1/auth/me", "POST /v1/auth/logout"] {
                let mut request = format!("{call} HTTP/1.1\r\nhost: x\r\n").into_bytes();
                request.extend(b"connection: close\r\nauthorization: ");
                request.extend(&value);
                request.extend(b"\r\n\r\n");
                let answer = app.raw(&request).await;
                let status = answer.get(..12).unwrap_or("closed").to_owned();
                let refused = ["HTTP/1.1 400", "HTTP/1.1 401", "HTTP/1.1 431"];
                let shown = String::from_utf8_lossy(&value[..value.len().min(40)]).into_owned();
                assert!(refused.contains(&status.as_str()), "{shown:?}: {answer}");
            }
        }
        app.me(&ann.access).await.ok();
    }

    async fn oversized_request_head_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let long = "a".repeat(1024 * 1024);
        for request in [
            format!("GET /v1/auth/me HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {long}\r\n\r\n"),
            format!("GET /v1/auth/me?{long} HTTP/1.1\r\nhost: x\r\n\r\n"),
            format!("GET /v1/auth/me HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(20_000)),
        ] {
            let answer = app.raw(request.as_bytes()).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
        app.me(&ann.access).await.ok();
    }
}
