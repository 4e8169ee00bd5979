use doorward_application::{
    Failure,
    survey_passwords::{Survey, SurveyPasswords, SurveyPasswordsError},
};
use doorward_domain::{
    mock::{MockPasswordHasher, MockStorage},
    ports::UnusableHash,
};
use mockall::predicate::eq;

use crate::support::{World, assert_fails, hash};

#[tokio::test]
async fn the_hasher_is_shown_a_sample_and_asked_what_it_can_use() {
    let storage = MockStorage::default().on_connect(|db| {
        let sample = || Ok(vec![hash("good"), hash("peppered")]);
        db.users
            .expect_password_sample()
            .with(eq(SurveyPasswords::SAMPLE))
            .once()
            .returning(move |_| sample());
    });
    let mut hasher = MockPasswordHasher::new();
    hasher
        .expect_imitate()
        .withf(|sample| sample.iter().map(|hash| hash.expose()).eq(["good", "peppered"]))
        .once()
        .return_const(());
    hasher.expect_check().times(2).returning(|hash| match hash.expose() {
        "good" => Ok(()),
        _ => Err(UnusableHash::PepperMissing),
    });
    let app = World { hasher, ..World::new(&storage) }.application();
    let survey = app.survey_passwords.run().await.unwrap();
    assert_eq!(survey, Survey { sampled: 2, unusable: vec![UnusableHash::PepperMissing] });
}

#[tokio::test]
async fn nothing_is_found_out_while_storage_is_away() {
    let outcome = World::without_storage().application().survey_passwords.run().await;
    assert_fails!(outcome, SurveyPasswordsError::Failure(Failure::Storage(_)));
}
