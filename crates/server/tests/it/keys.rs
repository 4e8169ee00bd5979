//! Signing keys from the perspective of services that verify tokens themselves.

use doorward_application::keys::rotate::Rollover;
use doorward_domain::signing_key::KeySchedule;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::support::{PASSWORD, Person, TestApp, on_both};

/// A service that caches the key set for its `max-age`.
struct Verifier {
    keys: JwkSet,
    good_until: OffsetDateTime,
}

impl Verifier {
    async fn fetch(app: &TestApp) -> Self {
        let answer = app.get("/.well-known/jwks.json").send().await;
        let max_age = answer.header("cache-control").strip_prefix("public, max-age=");
        let max_age = Duration::seconds(max_age.unwrap().parse().unwrap());
        assert!(max_age < KeySchedule::default().publish_before);
        let good_until = app.state.ports.clock.now() + max_age;
        Self { keys: serde_json::from_value(answer.ok()).unwrap(), good_until }
    }

    async fn verify(&mut self, app: &TestApp, token: &str) {
        if app.state.ports.clock.now() >= self.good_until {
            *self = Self::fetch(app).await;
        }
        let header = decode_header(token).unwrap();
        let key = self
            .keys
            .find(&header.kid.unwrap())
            .unwrap_or_else(|| panic!("the cached key set lacks the key"));
        let mut validation = Validation::new(header.alg);
        validation.validate_exp = false; // The test uses a frozen clock.
        validation.validate_aud = false;
        decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap();
    }
}

on_both! {
    async fn no_valid_token_is_refused_during_twenty_key_rotations(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let mut verifier = Verifier::fetch(&app).await;
        let mut kids = std::collections::BTreeSet::new();
        for _ in 0..20 {
            app.state.application.keys.rotate.run(Rollover::Scheduled).await.unwrap();
            app.state.reload_keys().await.unwrap();
            // Longer than the day until the new key signs.
            for _ in 0..13 {
                let ann: Person = app.login("ann", PASSWORD).await.ok().into();
                kids.insert(decode_header(&ann.access).unwrap().kid.unwrap());
                verifier.verify(&app, &ann.access).await;
                app.me(&ann.access).await.ok();
                app.advance(Duration::minutes(14));
                verifier.verify(&app, &ann.access).await;
                app.me(&ann.access).await.ok();
                app.advance(Duration::minutes(106));
            }
        }
        assert!(kids.len() >= 20, "{kids:?}");
        let published = app.get("/.well-known/jwks.json").send().await.ok();
        assert_eq!(published["keys"].as_array().unwrap().len(), 1, "expired keys are still published");
    }

    async fn emergency_rotation_revokes_the_compromised_key_at_once(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.state.application.keys.rotate.run(Rollover::Emergency).await.unwrap();
        app.state.reload_keys().await.unwrap();
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        let next = app.refresh(&ann.refresh).await.ok();
        app.me(next["access_token"].as_str().unwrap()).await.ok();
    }

    async fn expedited_rotation_never_uses_a_key_a_replica_has_not_loaded(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.state.application.keys.rotate.run(Rollover::Expedited).await.unwrap();
        // Another replica loads its keys within ten seconds; until then no replica signs with the new key.
        app.state.reload_keys().await.unwrap();
        let kid = async || {
            let ann: Person = app.login("ann", PASSWORD).await.ok().into();
            decode_header(&ann.access).unwrap().kid.unwrap()
        };
        let before = kid().await;
        app.advance(Duration::seconds(10));
        assert_eq!(kid().await, before);
        app.advance(Duration::seconds(10));
        assert_ne!(kid().await, before);
    }

    async fn signing_keys_are_rotated_by_age(backend) {
        let app = TestApp::start(backend).await;
        let keys = &app.state.application.keys.rotate;
        assert_eq!(keys.if_due().await.unwrap(), None);
        app.advance(Duration::days(89));
        assert!(keys.if_due().await.unwrap().is_some());
        assert_eq!(keys.if_due().await.unwrap(), None);
        assert_eq!(keys.list().await.unwrap().len(), 2);
    }
}
