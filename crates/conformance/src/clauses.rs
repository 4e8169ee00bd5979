//! The list of all clauses, and the macros that turn them into tests.

/// Makes a test of every storage clause, for the storage that a fixture gives.
///
/// The fixture is the path of an `async fn()` whose answer dereferences to the storage: empty, of
/// this test alone, and there for as long as the answer is kept. Attributes before the path are put
/// on every test.
///
/// ```
/// # use doorward_domain::{mock::MockStorage, ports::Storage};
/// mod in_memory {
///     # use doorward_domain::mock::MockStorage;
///     async fn storage() -> Box<MockStorage> {
///         Box::new(MockStorage::default())
///     }
///
///     doorward_conformance::storage_conformance!(#[ignore = "a mock keeps nothing"] storage);
/// }
/// ```
#[macro_export]
macro_rules! storage_conformance {
    ($(#[$attribute:meta])* $($fixture:ident)::+) => {
        use $($fixture)::+ as conformance_fixture;

        $crate::__clauses! { __storage_clause, [$(#[$attribute])*],
            unit_of_work {
                storage_that_serves_is_ready,
                readiness_does_not_wait_for_a_writer,
                a_commit_is_seen_by_others,
                nothing_is_seen_before_the_commit,
                a_unit_of_work_sees_its_own_writes,
                a_drop_without_a_commit_leaves_nothing,
                a_drop_lets_the_next_writer_get_on,
                any_number_of_units_may_be_dropped_one_after_the_other,
                a_drop_amid_a_statement_leaves_nothing,
                a_drop_after_a_failure_leaves_nothing,
                a_statement_without_a_unit_lasts_by_itself,
            }
            users {
                an_account_comes_back_as_it_was_added,
                a_bare_account_comes_back_bare,
                an_unknown_account_is_absent,
                an_address_is_found_in_any_case,
                a_user_name_is_found_in_any_case,
                a_taken_address_is_told_in_any_case,
                a_taken_user_name_is_told_in_any_case,
                an_address_and_a_user_name_that_are_both_taken_are_both_told,
                a_conflict_does_not_end_the_unit_of_work,
                of_many_with_one_address_one_is_added,
                of_many_with_one_user_name_one_is_added,
                credentials_tell_all_that_a_sign_in_needs,
                a_sign_in_opens_no_organisation_of_others,
                a_sign_in_falls_back_where_a_membership_has_ended,
                a_sign_in_without_a_default_opens_the_organisation_joined_first,
                credentials_know_the_networks_of_earlier_sign_ins,
                credentials_know_how_many_sign_ins_have_failed,
                an_account_is_switched_off_and_on,
                a_person_comes_to_run_the_server_and_no_more,
            }
            devices {
                credentials_know_the_devices_of_earlier_sign_ins,
                session_from_which_too_many_wrong_passwords_come_ends,
                wrong_passwords_are_inherited_with_the_session,
                device_of_a_reset_from_which_too_many_wrong_passwords_come_is_forgotten,
                wrong_passwords_from_unknown_devices_count_nothing,
                of_many_wrong_passwords_from_a_device_one_is_the_last,
            }
            user_lists {
                accounts_are_listed_page_by_page,
                accounts_are_filtered,
                accounts_are_found_by_how_they_begin,
            }
            deletions {
                an_account_is_deleted_with_all_that_is_its_own,
                an_organisation_is_deleted_and_its_members_stay,
                what_a_person_belongs_to_is_told_with_who_else_does,
                nobody_joins_what_is_held,
            }
            passwords {
                credentials_know_where_the_password_was_set,
                a_password_replaces_the_one_before,
                an_account_without_a_password_gets_one,
                every_change_of_a_password_moves_its_version_on,
                of_many_new_passwords_each_has_its_version,
                a_verified_password_is_changed,
                a_password_that_is_another_by_now_is_not_changed,
                an_account_without_a_password_has_none_to_change,
                a_password_whose_hash_was_renewed_is_changed,
                of_many_changes_of_a_password_one_happens,
                a_rehash_replaces_the_hash_it_was_made_for,
                a_rehash_never_undoes_a_new_password,
                of_many_rehashes_one_happens,
                a_sample_is_of_accounts_that_have_a_password,
                an_address_is_verified,
                the_first_verification_counts,
                another_address_is_not_verified,
                of_many_verifications_all_hear_yes,
            }
            emails {
                changed_address_replaces_the_one_before,
                address_that_a_user_chooses_makes_the_account_provisional,
                address_that_differs_in_case_is_changed,
                taken_address_is_refused_in_any_case,
                verified_address_is_kept_if_that_is_asked_for,
                address_that_is_another_by_now_is_not_changed,
                of_many_changes_of_an_address_one_happens,
                of_many_who_want_one_address_one_gets_it,
            }
            profiles {
                every_field_can_be_set,
                every_field_can_be_cleared,
                what_is_not_mentioned_stays,
                an_update_touches_nobody_else,
                an_unknown_account_is_not_updated,
                objects_come_back_to_the_byte,
            }
            sessions {
                a_session_comes_back_as_it_was_opened,
                opening_stamps_the_latest_sign_in,
                a_session_of_nobody_leaves_nothing,
                a_session_that_can_not_be_opened_stamps_nothing,
                a_verified_password_opens_a_session,
                a_password_whose_hash_was_renewed_opens_a_session,
                a_password_of_before_opens_no_session,
                a_password_of_nobody_active_opens_no_session,
                password_opens_no_session_after_too_many_failures,
                an_account_without_a_password_opens_no_session_by_one,
                no_sign_in_outlives_a_change_of_its_password,
                a_standing_has_the_role_in_one_organisation,
                an_unknown_session_has_no_standing,
                an_ended_session_still_has_its_standing,
                a_session_continues_in_another_organisation,
                a_session_continues_in_no_organisation_of_others,
            }
            session_ends {
                a_session_ends_no_later_than_it_is_told_to,
                session_lasts_no_longer_than_the_one_it_inherits_from,
                the_first_end_counts,
                an_unknown_session_is_not_ended,
                of_many_ends_one_counts,
                a_session_of_another_user_is_not_ended,
                all_sessions_but_one_are_ended,
                all_sessions_are_ended,
                sessions_of_everybody_are_revoked_by_and_by,
                sessions_that_ended_long_ago_are_deleted,
            }
            session_lists {
                live_sessions_are_listed_newest_first,
                sessions_are_listed_page_by_page,
            }
            refreshes {
                a_refresh_moves_the_session_on_by_one,
                refresh_records_where_it_came_from,
                a_refresh_moves_no_other_session,
                of_many_refreshes_with_one_token_one_happens,
                a_token_that_is_kept_goes_on_and_on,
                another_generation_is_refused,
                an_unknown_session_is_refused,
                a_session_that_is_not_live_is_refused,
                a_disabled_user_is_refused,
                an_unverified_user_is_refused_if_that_is_asked_for,
                an_organisation_of_others_is_refused,
                a_refresh_continues_in_the_named_organisation,
                a_refresh_falls_back_where_a_membership_has_ended,
                a_refresh_tells_the_roles_of_now,
                refresh_says_whether_the_address_is_verified,
                an_end_holds_against_refreshes_at_the_same_moment,
            }
            invites {
                an_invite_comes_back_as_it_was_added,
                an_unknown_invite_is_absent,
                inviting_again_renews_the_pending_invite,
                an_expired_invite_is_renewed,
                of_many_invites_for_one_address_one_is_pending,
                after_an_invite_has_ended_there_is_a_new_one,
                invites_into_two_organisations_are_two,
                an_invite_is_accepted_once,
                an_invite_is_accepted_with_the_current_counter_only,
                an_invite_is_accepted_before_it_expires,
                an_invite_lasts_as_long_as_its_inviters_right,
                of_many_who_accept_one_hears_yes,
                a_revoked_invite_is_not_accepted,
                an_accepted_invite_is_not_revoked,
                an_invite_of_another_organisation_is_not_revoked,
                an_invite_has_one_end,
                pending_invites_are_listed_page_by_page,
                pending_invites_of_all_organizations_are_listed_with_their_names,
                invites_of_all_organizations_are_revoked_once,
                a_pending_invite_is_renewed_by_its_id,
                no_other_invite_is_renewed,
            }
            one_time_tokens {
                a_token_comes_back_as_it_was_issued,
                no_token_is_issued_within_the_interval,
                another_address_does_not_wait_for_the_interval,
                a_token_for_another_address_voids_the_one_before,
                issues_follow_the_rule_of_the_domain,
                an_old_token_stays_valid_beside_the_next,
                an_old_token_is_voided_with_the_next,
                a_token_is_issued_after_one_was_used,
                tokens_of_purposes_and_accounts_are_apart,
                of_many_issues_one_happens,
                a_token_is_found_by_its_own_purpose_only,
                a_row_is_found_by_an_older_token,
                a_token_is_used_once,
                a_token_that_is_not_open_is_not_used,
                of_many_who_use_a_token_one_gets_it,
                a_voided_token_is_not_used,
                only_an_open_token_is_voided,
                open_tokens_of_everybody_are_voided,
            }
            outbox {
                a_mail_comes_back_as_it_was_added,
                a_mail_is_due_from_the_moment_it_was_asked_for,
                the_oldest_mails_are_claimed_first,
                a_mail_that_was_put_off_goes_to_the_back,
                nothing_is_claimed_beyond_the_limit,
                a_mail_is_due_again_when_the_lease_ends,
                of_many_workers_no_two_get_the_same_mail,
                a_lease_holds_between_workers_whose_clocks_differ,
                a_mail_of_the_day_is_added_once,
                a_mail_of_the_day_that_was_sent_is_not_added_again,
                of_many_who_add_a_mail_of_the_day_one_does,
                a_request_turns_into_a_mail,
                a_sent_mail_is_not_claimed,
                a_discarded_request_is_not_claimed,
                what_has_turned_into_a_mail_is_not_discarded,
                a_mail_that_failed_is_due_when_it_was_put_off_to,
                a_mail_that_is_put_back_has_not_been_tried,
                a_parked_mail_is_not_claimed,
                mails_that_were_sent_long_ago_are_deleted,
            }
            outbox_lists {
                mails_are_listed_by_what_became_of_them,
                mails_are_listed_page_by_page,
                a_mail_is_released_unless_it_was_sent,
                the_backlog_is_what_has_not_gone_out,
            }
            outbox_turns {
                lanes_are_claimed_by_themselves,
                many_messages_of_one_sender_do_not_hold_up_another,
                new_sender_has_a_turn_soon_however_long_others_have_waited,
                messages_are_claimed_before_their_turn_where_nothing_else_waits,
                messages_that_fail_do_not_hold_up_those_of_another_sender,
                message_that_is_put_back_keeps_its_turn,
                turns_are_counted_from_messages_that_wait,
            }
            mail_allowances {
                allowance_is_taken_up_to_its_limit,
                of_many_callers_no_more_than_the_allowance_get_one,
                allowance_of_a_dropped_unit_is_there_again,
                allowances_of_earlier_days_are_forgotten,
            }
            owners {
                user_owns_no_more_organizations_than_the_limit,
                of_many_organizations_at_once_no_more_than_the_limit_are_created,
            }
            memberships {
                a_membership_comes_back_as_it_was_added,
                a_membership_is_one_persons_in_one_organisation,
                an_existing_membership_stays_as_it_is,
                joining_twice_does_not_end_the_unit_of_work,
                of_many_who_join_one_is_new,
                a_members_role_is_changed,
                a_member_is_taken_out,
                members_are_listed_page_by_page,
                a_member_is_known_by_their_address,
                another_owner_is_an_active_one_of_the_same_organisation,
            }
            orgs {
                an_organisation_comes_back_as_it_was_added,
                an_unknown_organisation_is_absent,
                two_organisations_may_have_one_name,
                an_organisation_is_found_for_its_members,
                a_persons_organisations_are_listed_page_by_page,
                all_organisations_are_listed_page_by_page,
                an_organisation_is_renamed,
                what_an_organisation_has_goes_with_it,
                only_an_organisation_that_is_there_is_locked,
                of_many_owners_who_leave_one_stays,
            }
            signing_keys {
                a_new_storage_has_no_keys,
                a_key_comes_back_as_it_was_added,
                the_first_key_stays_the_first,
                replicas_that_start_together_share_one_key,
                a_key_follows_the_newest_and_no_other,
                of_many_that_rotate_at_once_one_adds_a_key,
                a_key_is_brought_forward_and_never_put_off,
                the_life_of_all_other_keys_ends,
                a_key_is_sealed_anew_once,
                keys_that_are_gone_are_deleted,
            }
            audit {
                every_kind_of_entry_is_taken,
                entries_are_listed_of_one_user_or_of_all,
                entries_are_listed_page_by_page,
                old_entries_are_deleted,
            }
        }
    };
}

/// Makes a test of every clause for rate limiters, for the one that a fixture gives.
///
/// The fixture is the path of an `async fn()` that answers two values: one that dereferences to the
/// limiter, with all its buckets full, and one that dereferences to the
/// [`FrozenClock`](doorward_domain::mock::FrozenClock) that it goes by. Attributes before the path
/// are put on every test.
#[macro_export]
macro_rules! rate_limiter_conformance {
    ($(#[$attribute:meta])* $($fixture:ident)::+) => {
        use $($fixture)::+ as conformance_fixture;

        $crate::__clauses! { __rate_limiter_clause, [$(#[$attribute])*],
            rate_limiter {
                every_bucket_runs_empty,
                after_the_wait_one_more_is_taken,
                a_minute_refills_the_bucket,
                half_a_minute_refills_half_the_bucket,
                keys_are_counted_by_themselves,
                limits_are_counted_by_themselves,
                a_token_given_back_is_taken_again,
                a_token_is_given_back_to_its_own_bucket,
                a_full_bucket_gets_no_fuller,
                takes_at_the_same_moment_never_pass_the_limit,
                tokens_given_back_at_the_same_moment_all_count,
                any_group_that_has_a_token_left_is_enough,
                a_group_takes_from_all_of_its_buckets_or_from_none,
                a_bucket_holds_as_many_times_more_as_it_says,
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __clauses {
    ($clause:ident, $attributes:tt, $($module:ident { $($name:ident,)+ })+) => {
        $(mod $module {
            $($crate::$clause! { $attributes, $module, $name })+
        })+
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __storage_clause {
    ([$($attribute:tt)*], $module:ident, $name:ident) => {
        #[$crate::tokio::test(flavor = "multi_thread", crate = "doorward_conformance::tokio")]
        $($attribute)*
        async fn $name() {
            let storage = super::conformance_fixture().await;
            $crate::$module::$name(&*storage).await;
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __rate_limiter_clause {
    ([$($attribute:tt)*], $module:ident, $name:ident) => {
        #[$crate::tokio::test(flavor = "multi_thread", crate = "doorward_conformance::tokio")]
        $($attribute)*
        async fn $name() {
            let (limiter, clock) = super::conformance_fixture().await;
            $crate::$module::$name(&*limiter, &*clock).await;
        }
    };
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    /// The names of the functions that are clauses by their arguments.
    fn clauses_in(source: &str) -> Vec<String> {
        let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_clause = |rest: &&str| {
            let arguments = rest.split_once('(').map_or("", |(_, arguments)| arguments.trim());
            arguments.starts_with("storage: &dyn Storage) {")
                || arguments.starts_with("limiter: &dyn RateLimiter, ")
        };
        let functions = source.split("pub async fn ").skip(1).filter(is_clause);
        functions.filter_map(|rest| rest.split_once('(')).map(|(name, _)| name.to_owned()).collect()
    }

    #[test]
    fn every_clause_is_on_the_list() {
        let list = include_str!("clauses.rs");
        let listed: BTreeSet<_> = list.split(|c: char| c != '_' && !c.is_alphanumeric()).collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut count = 0;
        for file in fs::read_dir(folder).unwrap() {
            for clause in clauses_in(&fs::read_to_string(file.unwrap().path()).unwrap()) {
                assert!(listed.contains(clause.as_str()), "{clause} is not on the list");
                count += 1;
            }
        }
        assert!(count > 100, "only {count} clauses were found");
    }
}
