use doorward_application::{
    CommonError,
    password::sample_hashes::{HashSample, SamplePasswordHashes, SamplePasswordHashesError},
};
use doorward_domain::{
    mock::{MockPasswordHasher, MockStorage},
    ports::UnusableHash,
};
use mockall::predicate::eq;

use crate::support::{World, assert_fails, hash};

#[tokio::test]
async fn sample_is_passed_to_the_hasher_and_unusable_hashes_are_returned() {
    let storage = MockStorage::default().on_connect(|db| {
        let sample = || Ok(vec![hash("good"), hash("peppered")]);
        db.users
            .expect_password_sample()
            .with(eq(SamplePasswordHashes::SAMPLE))
            .once()
            .returning(move |_| sample());
    });
    let mut hasher = MockPasswordHasher::new();
    hasher
        .expect_calibrate_decoys()
        .withf(|sample| sample.iter().map(|hash| hash.expose()).eq(["good", "peppered"]))
        .once()
        .return_const(());
    hasher.expect_validate_hash().times(2).returning(|hash| match hash.expose() {
        "good" => Ok(()),
        _ => Err(UnusableHash::PepperMissing),
    });
    let app = World { hasher, ..World::new(&storage) }.application();
    let survey = app.password.sample_hashes.run().await.unwrap();
    assert_eq!(survey, HashSample { sampled: 2, unusable: vec![UnusableHash::PepperMissing] });
}

#[tokio::test]
async fn sampling_fails_while_storage_is_unavailable() {
    let outcome = World::without_storage().application().password.sample_hashes.run().await;
    assert_fails!(outcome, SamplePasswordHashesError::Failure(CommonError::Storage(_)));
}
