//! Email over SMTP, to a server that behaves correctly, and to one that doesn't.

use std::{fs, path::PathBuf, time::Duration};

use doorward_adapters::mail::{
    MailOptions, Renderer, SmtpError, SmtpMailer, SmtpOptions, SmtpStep as Step,
};
use doorward_domain::{
    MailId,
    account::{email::EmailAddress, profile::Locale},
    error::chain,
    mail::{ActionLink, MailContent, OutgoingMail, PublicUrl},
    ports::{MailError, Mailer},
    token::{PlainToken, TokenPurpose},
};
use doorward_testing::{PATIENCE, TestSmtp, Tls, Turn};
use futures::future::{join, join_all};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use time::macros::datetime;
use uuid::Uuid;

/// Long enough for a conversation on a busy machine, in tests that wait for this timeout.
const SHORT: Duration = Duration::from_secs(3);

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../server/tests/tls").join(name)
}

fn trusting(authority: &str) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file(authority)).unwrap()).unwrap();
    roots
}

fn mailer_with(url: &str, timeout: Duration, authority: &str) -> SmtpMailer {
    let renderer = Renderer::new(MailOptions {
        service_name: "Doorward".to_owned(),
        from: "auth@example.com".parse().unwrap(),
        reply_to: None,
        host: "auth.example.com".to_owned(),
        templates: None,
        default_locale: Locale::parse("en").unwrap(),
    });
    let options =
        SmtpOptions { timeout, roots: Some(trusting(authority)), ..SmtpOptions::default() };
    SmtpMailer::new(url.parse().unwrap(), options, renderer.unwrap()).unwrap()
}

/// Creates a mailer for a server on this machine, with a long timeout.
fn mailer(server: &TestSmtp, query: &str) -> SmtpMailer {
    mailer_with(&format!("smtp://localhost:{}{query}", server.port()), PATIENCE, "ca.pem")
}

/// Like [`mailer`], with a short timeout.
fn hasty(server: &TestSmtp) -> SmtpMailer {
    mailer_with(&format!("smtp://localhost:{}", server.port()), SHORT, "ca.pem")
}

async fn with_certificate(tls: Tls, name: &str) -> TestSmtp {
    TestSmtp::with_tls(tls, &file(&format!("{name}.pem")), &file(&format!("{name}.key.pem"))).await
}

fn mail_to(address: &str) -> OutgoingMail {
    let url = PublicUrl::parse("https://auth.example.com").unwrap();
    let token = PlainToken::new("dwv_canary".to_owned());
    OutgoingMail {
        id: MailId::from_uuid(Uuid::from_u128(7)),
        to: EmailAddress::parse(address).unwrap(),
        username: None,
        locale: None,
        content: MailContent::VerifyEmail {
            link: ActionLink::new(&url, TokenPurpose::VerifyEmail, &token),
            registration: None,
        },
        created_at: datetime!(2026-01-01 12:00 UTC),
    }
}

fn mail() -> OutgoingMail {
    mail_to("ann@example.com")
}

const MESSAGE_ID: &str = "<00000000-0000-0000-0000-000000000007@auth.example.com>";

fn transient(outcome: Result<(), MailError>) -> String {
    match outcome {
        Err(MailError::Transient(error)) => chain(&*error),
        other => panic!("{other:?}"),
    }
}

fn permanent(outcome: Result<(), MailError>) -> String {
    match outcome {
        Err(MailError::Permanent(error)) => chain(&*error),
        other => panic!("{other:?}"),
    }
}

fn unavailable(outcome: Result<(), MailError>) -> String {
    match outcome {
        Err(MailError::Unavailable(error)) => chain(&*error),
        other => panic!("{other:?}"),
    }
}

fn sender_refused(outcome: Result<(), MailError>) -> String {
    match outcome {
        Err(MailError::SenderRefused(error)) => chain(&*error),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn message_is_sent_with_the_headers_that_mail_servers_expect() {
    let server = TestSmtp::start().await;
    mailer(&server, "").send(&mail()).await.unwrap();
    let taken = &server.taken()[0];
    assert_eq!(
        (taken.from.as_str(), taken.to.as_str()),
        ("<auth@example.com>", "<ann@example.com>")
    );
    assert_eq!(taken.header("Message-ID"), MESSAGE_ID);
    assert_eq!(taken.header("Auto-Submitted"), "auto-generated");
    assert_eq!(taken.header("Date"), "Thu, 01 Jan 2026 12:00:00 +0000");
    assert_eq!(taken.header("From"), "Doorward <auth@example.com>");
    assert!(taken.text.contains("\r\nhttps://auth.example.com/verify-email?token=dwv_canary\r\n"));
    assert_eq!(server.heard_in_clear()[0], "EHLO auth.example.com");
}

#[tokio::test]
async fn connection_is_reused_for_many_messages() {
    let server = TestSmtp::start().await;
    let mailer = mailer(&server, "");
    for _ in 0..5 {
        mailer.send(&mail()).await.unwrap();
    }
    assert_eq!((server.taken().len(), server.connections()), (5, 1));
}

#[tokio::test]
async fn closed_idle_connection_loses_no_message() {
    let server = TestSmtp::start().await;
    let mailer = mailer(&server, "");
    mailer.send(&mail()).await.unwrap();
    for turn in [Turn::HangUp, Turn::say("421 too long idle"), Turn::Hang] {
        server.then("NOOP", [turn]);
        mailer.send(&mail()).await.unwrap();
    }
    assert_eq!((server.taken().len(), server.connections()), (4, 4));
}

#[tokio::test]
async fn deferred_message_is_identical_on_retry() {
    let server = TestSmtp::start().await;
    let mailer = mailer(&server, "");
    server.then("RCPT", [Turn::say("450 4.2.1 greylisted")]);
    server.then("DATA", [Turn::say("451 4.4.2 busy")]);
    server.then(".", [Turn::say("452 try later")]);
    for words in ["450 4.2.1 grey", "451 4.4.2 busy", "452 try later"] {
        let told = transient(mailer.send(&mail()).await);
        assert!(told.contains(words), "{told}");
    }
    mailer.send(&mail()).await.unwrap();
    assert_eq!(server.taken().len(), 1);
    assert_eq!(server.taken()[0].header("Message-ID"), MESSAGE_ID);
}

#[tokio::test]
async fn rejection_reports_the_servers_text_without_the_address() {
    let server = TestSmtp::start().await;
    let mailer = mailer(&server, "");
    for point in ["MAIL", "RCPT", "DATA", "."] {
        server.then(point, [Turn::say("550-5.1.1 <Ann@example.com>\r\n550 5.1.1 no such box")]);
        let outcome = mailer.send(&mail()).await;
        let told = if point == "MAIL" { unavailable(outcome) } else { permanent(outcome) };
        assert!(told.contains("550 5.1.1 <…>") && told.contains("no such box"), "{told}");
        assert!(!told.to_lowercase().contains("ann@"), "{told}");
    }
    assert!(server.taken().is_empty());
    mailer.send(&mail()).await.unwrap();
}

#[tokio::test]
async fn server_that_rejects_all_clients_does_not_fail_the_message() {
    let server = TestSmtp::start().await;
    let mailer = mailer(&server, "");
    server.then("banner", [Turn::say("554 no service"), Turn::say("421 busy"), Turn::HangUp]);
    for words in ["554 no service", "421 busy", "closed the connection"] {
        let told = unavailable(mailer.send(&mail()).await);
        assert!(told.contains(words) && told.contains("greeting"), "{told}");
    }
    server.then("banner", [Turn::say("HTTP/1.1 400 Bad Request")]);
    assert!(unavailable(mailer.send(&mail()).await).contains("is not SMTP"));
    server.then("MAIL", [Turn::say("530 5.7.0 sign in first")]);
    assert!(unavailable(mailer.send(&mail()).await).contains("sign in first"));
    server.set_away(true);
    unavailable(mailer.send(&mail()).await);
    let nowhere = mailer_with("smtp://localhost:1", PATIENCE, "ca.pem");
    assert!(unavailable(nowhere.send(&mail()).await).contains("connecting"));
    server.set_away(false);
    mailer.send(&mail()).await.unwrap();
}

/// Sends a message to a server that behaves like `turn` at `point`.
async fn slow_at(point: &str, turn: Turn) -> Result<(), MailError> {
    let server = TestSmtp::start().await;
    server.then(point, [turn]);
    let outcome = hasty(&server).send(&mail()).await;
    assert!(server.taken().is_empty());
    outcome
}

#[tokio::test]
async fn slow_mail_server_times_out() {
    let early = ["banner", "EHLO", "MAIL"].map(async |point| {
        for outcome in join_all([slow_at(point, Turn::Hang), slow_at(point, Turn::Drip)]).await {
            let told = unavailable(outcome);
            assert!(
                told.contains("no response within 3 s") || told.contains("is not SMTP"),
                "{told}"
            );
        }
    });
    let late = ["RCPT", "DATA"].map(async |point| {
        for outcome in join_all([slow_at(point, Turn::Hang), slow_at(point, Turn::Drip)]).await {
            let told = transient(outcome);
            assert!(told.contains("no response within 3 s"), "{point}: {told}");
        }
    });
    join(join_all(early), join_all(late)).await;
    assert!(SmtpOptions::default().timeout < Duration::from_secs(10));
}

#[tokio::test]
async fn lost_response_causes_an_identical_second_copy() {
    let server = TestSmtp::start().await;
    server.then(".", [Turn::HangUp, Turn::Hang]);
    transient(mailer(&server, "").send(&mail()).await);
    let mailer = hasty(&server);
    transient(mailer.send(&mail()).await);
    mailer.send(&mail()).await.unwrap();
    let taken = server.taken();
    assert_eq!(taken.len(), 3);
    assert!(taken.iter().all(|copy| copy.text == taken[0].text));
    assert_eq!(taken[0].header("Message-ID"), MESSAGE_ID);
}

#[tokio::test]
async fn late_response_is_not_taken_for_another_one() {
    let server = TestSmtp::start().await;
    let mailer = hasty(&server);
    mailer.send(&mail()).await.unwrap();
    server.then("RCPT", [Turn::Hang]);
    transient(mailer.send(&mail()).await);
    server.then("RCPT", [Turn::say("550 no such box")]);
    permanent(mailer.send(&mail()).await);
    mailer.send(&mail()).await.unwrap();
    assert_eq!(server.connections(), 3, "a connection is not used after an error");
}

#[tokio::test]
async fn nothing_is_sent_if_required_starttls_is_missing() {
    let server = TestSmtp::start().await;
    let url = format!("smtp://ann:canary@localhost:{}?starttls=required", server.port());
    let told = unavailable(mailer_with(&url, PATIENCE, "ca.pem").send(&mail()).await);
    assert!(told.contains("offers no STARTTLS"), "{told}");
    assert_eq!(server.heard_in_clear(), ["EHLO auth.example.com"]);
}

#[tokio::test]
async fn message_and_password_are_sent_over_tls() {
    for (tls, scheme) in [(Tls::Start, "smtp"), (Tls::Implicit, "smtps")] {
        let server = with_certificate(tls, "localhost").await;
        let url = format!("{scheme}://ann:canary@localhost:{}", server.port());
        let mailer = mailer_with(&url, PATIENCE, "ca.pem");
        mailer.send(&mail()).await.unwrap();
        mailer.send(&mail()).await.unwrap();
        let taken = server.taken();
        assert!(taken.len() == 2 && taken.iter().all(|mail| mail.encrypted));
        // "\0ann\0canary"
        assert_eq!(taken[0].login.as_deref(), Some("AUTH PLAIN AGFubgBjYW5hcnk="));
        let clear = server.heard_in_clear();
        assert!(
            clear.iter().all(|line| line.starts_with("EHLO") || line == "STARTTLS"),
            "{clear:?}"
        );
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_mail_server_with_an_invalid_certificate() {
    // For another host, expired, and from an untrusted authority.
    for (certificate, authority) in
        [("elsewhere", "ca.pem"), ("expired", "ca.pem"), ("localhost", "elsewhere.pem")]
    {
        for (tls, scheme, query) in [
            (Tls::Start, "smtp", "?starttls=required"),
            (Tls::Start, "smtp", "?starttls=optional"),
            (Tls::Implicit, "smtps", ""),
        ] {
            let server = with_certificate(tls, certificate).await;
            let url = format!("{scheme}://ann:canary@localhost:{}{query}", server.port());
            let told = unavailable(mailer_with(&url, PATIENCE, authority).send(&mail()).await);
            assert!(told.contains("TLS") && told.contains("certificate"), "{told}");
            let clear = server.heard_in_clear();
            assert!(
                clear.iter().all(|line| line.starts_with("EHLO") || line == "STARTTLS"),
                "{clear:?}"
            );
            assert!(server.taken().is_empty());
        }
    }
}

#[tokio::test]
async fn data_injected_before_tls_is_rejected() {
    for (point, line) in [
        ("STARTTLS", "220 go ahead\r\n250-mail.test\r\n250 AUTH PLAIN"),
        ("EHLO", "250-mail.test\r\n250 STARTTLS\r\n220 go ahead\r\n250 AUTH PLAIN"),
    ] {
        let server = with_certificate(Tls::Start, "localhost").await;
        server.then(point, [Turn::say(line)]);
        let told = unavailable(mailer(&server, "").send(&mail()).await);
        assert!(told.contains("unsolicited data"), "{told}");
        assert!(server.taken().is_empty());
    }
}

#[tokio::test]
async fn wrong_password_error_does_not_contain_the_password() {
    let server = TestSmtp::start().await;
    let url = format!("smtp://ann:canary@localhost:{}", server.port());
    let mailer = mailer_with(&url, PATIENCE, "ca.pem");
    server.then("AUTH", [Turn::say("535 5.7.8 AGFubgBjYW5hcnk= or Canary is wrong")]);
    let told = unavailable(mailer.send(&mail()).await);
    assert_eq!(
        told,
        "signing in to the mail server: 535 5.7.8 … or … is wrong \
         (check the user and password in mail.url)"
    );
    assert!(!format!("{mailer:?}").contains("canary"));
}

#[tokio::test]
async fn non_ascii_addresses_are_encoded_as_the_server_supports() {
    // A domain has an ASCII form.
    let server = TestSmtp::start().await;
    mailer(&server, "").send(&mail_to("ann@bücher.example")).await.unwrap();
    assert_eq!(server.taken()[0].to, "<ann@xn--bcher-kva.example>");
    assert_eq!(server.taken()[0].header("To"), "ann@xn--bcher-kva.example");
    // The part before the @ has none.
    let told = permanent(mailer(&server, "").send(&mail_to("jürgen@example.com")).await);
    assert!(told.contains("SMTPUTF8") && !told.contains("rgen"), "{told}");
    let server = TestSmtp::with_extensions(&["8BITMIME", "SMTPUTF8"]).await;
    mailer(&server, "").send(&mail_to("jürgen@bücher.example")).await.unwrap();
    let taken = &server.taken()[0];
    assert_eq!(taken.from, "<auth@example.com> SMTPUTF8 BODY=8BITMIME");
    assert_eq!(taken.to, "<jürgen@xn--bcher-kva.example>");
    assert_eq!(taken.header("To"), "jürgen@xn--bcher-kva.example");
}

fn failed_at(outcome: Result<Vec<Step>, SmtpError>) -> Step {
    outcome.unwrap_err().step
}

#[tokio::test]
async fn probe_performs_every_step_and_sends_no_message() {
    let server = with_certificate(Tls::Start, "localhost").await;
    let url = format!("smtp://ann:canary@localhost:{}", server.port());
    let mailer = mailer_with(&url, PATIENCE, "ca.pem");
    assert_eq!(
        mailer.probe().await.unwrap(),
        [
            Step::Resolve,
            Step::Connect,
            Step::Greet,
            Step::Encrypt,
            Step::SignIn,
            Step::Sender,
            Step::Recipient
        ]
    );
    let local = TestSmtp::start().await;
    let steps = [Step::Resolve, Step::Connect, Step::Greet, Step::Sender, Step::Recipient];
    assert_eq!(self::mailer(&local, "").probe().await.unwrap(), steps);
    assert!(server.taken().is_empty() && local.taken().is_empty());
}

#[tokio::test]
async fn probe_reports_the_failed_step() {
    let server = with_certificate(Tls::Start, "localhost").await;
    let at = |url: &str| {
        mailer_with(&url.replace("PORT", &server.port().to_string()), PATIENCE, "ca.pem")
    };
    assert_eq!(failed_at(at("smtp://does-not-exist.invalid").probe().await), Step::Resolve);
    assert_eq!(failed_at(at("smtp://localhost:1").probe().await), Step::Connect);
    server.then("banner", [Turn::say("554 no service")]);
    assert_eq!(failed_at(at("smtp://localhost:PORT").probe().await), Step::Greet);
    assert_eq!(failed_at(at("smtp://127.0.0.1:PORT").probe().await), Step::Encrypt);
    assert_eq!(failed_at(at("smtps://localhost:PORT").probe().await), Step::Encrypt);
    server.then("AUTH", [Turn::say("535 no")]);
    assert_eq!(failed_at(at("smtp://a:b@localhost:PORT").probe().await), Step::SignIn);
    server.then("MAIL", [Turn::say("550 not you")]);
    let refused = at("smtp://a:b@localhost:PORT").probe().await.unwrap_err();
    assert_eq!((refused.step, refused.code), (Step::Sender, Some(550)));
    assert_eq!(refused.words, "550 not you");
}

/// Postfix checks the client and the sender only when a recipient is given.
#[tokio::test]
async fn probe_detects_sender_rejection_at_the_recipient() {
    let server = TestSmtp::start().await;
    let mailer = mailer(&server, "");
    server.then("RCPT", [Turn::say("504 5.5.2 <auth>: Helo command rejected: not qualified")]);
    let refused = mailer.probe().await.unwrap_err();
    assert_eq!(refused.step, Step::Recipient);
    assert!(refused.to_string().contains("mail.helo_name"), "{refused}");
    server.then("RCPT", [Turn::say("550 5.1.1 <auth@example.com>: User unknown")]);
    assert_eq!(mailer.probe().await.unwrap().last(), Some(&Step::Recipient));
    server.then("RCPT", [Turn::say("450 4.2.0 Greylisted")]);
    mailer.probe().await.unwrap();
    assert!(server.taken().is_empty());
}

#[tokio::test]
async fn sender_rejection_at_any_command_does_not_fail_the_message() {
    let server = TestSmtp::start().await;
    let mailer = mailer(&server, "");
    let refusal = "553 5.7.1 <auth@example.com>: Sender address rejected: not owned by user ann";
    server.then("MAIL", [Turn::say(refusal)]);
    assert!(unavailable(mailer.send(&mail()).await).contains("mail.from"));
    for point in ["RCPT", "DATA", "."] {
        server.then(point, [Turn::say(refusal)]);
        assert!(sender_refused(mailer.send(&mail()).await).contains("mail.from"), "{point}");
    }
    mailer.send(&mail()).await.unwrap();
    assert_eq!(server.taken().len(), 1);
}

/// Another message may not need SMTPUTF8.
#[tokio::test]
async fn sender_rejection_with_smtputf8_does_not_stop_other_messages() {
    let server = TestSmtp::with_extensions(&["8BITMIME", "SMTPUTF8"]).await;
    let mailer = mailer(&server, "");
    server.then("MAIL", [Turn::say("553 5.6.7 SMTPUTF8 is not supported")]);
    permanent(mailer.send(&mail_to("jürgen@example.com")).await);
}

/// The folder of the mail server of `scripts/smtp.sh`.
const FOLDER: &str = "DOORWARD_TEST_SMTP_FOLDER";

#[expect(clippy::disallowed_methods, reason = "the tests' only setting")]
fn real_server() -> (PathBuf, String) {
    let folder = std::env::var(FOLDER).unwrap_or_else(|_| {
        panic!("{FOLDER} is not set: run scripts/test.sh, which starts a mail server for the tests")
    });
    let port = fs::read_to_string(format!("{folder}/port")).unwrap();
    (folder.into(), port)
}

#[tokio::test]
#[ignore = "needs a mail server: scripts/test.sh runs it"]
async fn real_mail_server_accepts_messages() {
    let (folder, port) = real_server();
    let at = |login: &str, query: &str| {
        mailer_with(&format!("smtp://{login}localhost:{port}{query}"), PATIENCE, "ca.pem")
    };
    let mailer = at("ann%40example.com:pass%3Aword%2F@", "");
    assert_eq!(mailer.probe().await.unwrap().last(), Some(&Step::Recipient));
    let locale = Some(Locale::parse("de").unwrap());
    let id = MailId::from_uuid(Uuid::from_u128(0xaa));
    let first = OutgoingMail { id, locale, ..mail() };
    let second = MailId::from_uuid(Uuid::from_u128(0xbb));
    let second = OutgoingMail { id: second, ..mail_to("jürgen@bücher.example") };
    mailer.send(&first).await.unwrap();
    mailer.send(&second).await.unwrap();
    let kept = |mail: &OutgoingMail| {
        let id = format!("Message-ID: <{}@auth.example.com>\r\n", mail.id);
        let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        let mails = files.filter(|path| path.extension().is_some_and(|kind| kind == "mail"));
        let mut texts = mails.map(|path| fs::read_to_string(path).unwrap());
        texts.find(|text| text.contains(&id)).unwrap()
    };
    assert!(kept(&first).starts_with("auth@example.com ann@example.com TLS\n"));
    assert!(kept(&first).contains("Subject: =?utf-8?"));
    let second = kept(&second);
    assert!(second.starts_with("auth@example.com jürgen@xn--bcher-kva.example TLS\n"), "{second}");

    let wrong = unavailable(at("ann:canary@", "").send(&mail()).await);
    assert!(wrong.contains("signing in") && wrong.contains("535"), "{wrong}");
    let clear = unavailable(at("", "?starttls=never").send(&mail()).await);
    assert!(clear.contains("530 Must issue a STARTTLS"), "{clear}");
    let stranger = unavailable(at("", "").send(&mail()).await);
    assert!(stranger.contains("530"), "{stranger}");
}
