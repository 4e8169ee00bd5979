//! The list of all clauses, and the macros that generate tests from them.

/// Generates a test of every storage clause for the storage that a fixture returns.
///
/// The fixture is the path of an `async fn()`. Its result dereferences to the storage, which has to be empty,
/// used by this test only, and available until the result is dropped. Attributes before the path are added to
/// every test.
///
/// ```
/// # use doorward_domain::{mock::MockStorage, ports::Storage};
/// mod in_memory {
///     # use doorward_domain::mock::MockStorage;
///     async fn storage() -> Box<MockStorage> {
///         Box::new(MockStorage::default())
///     }
///
///     doorward_conformance::storage_conformance!(#[ignore = "a mock stores nothing"] storage);
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
                commit_is_visible_to_others,
                changes_are_invisible_before_the_commit,
                unit_of_work_sees_its_own_writes,
                drop_without_commit_leaves_no_changes,
                drop_releases_locks_for_the_next_writer,
                dropped_units_release_their_connections,
                drop_during_a_statement_leaves_no_changes,
                drop_after_a_failure_leaves_no_changes,
                statement_without_a_unit_is_committed_by_itself,
            }
            users {
                account_is_returned_as_it_was_added,
                absent_values_of_an_account_stay_absent,
                unknown_account_is_absent,
                email_is_found_in_any_case,
                username_is_found_in_any_case,
                taken_email_is_reported_in_any_case,
                taken_username_is_reported_in_any_case,
                taken_email_and_username_are_both_reported,
                conflict_keeps_the_unit_of_work_usable,
                concurrent_accounts_with_one_email_are_added_once,
                concurrent_accounts_with_one_username_are_added_once,
                login_candidate_has_everything_a_sign_in_needs,
                sign_in_starts_in_no_organization_of_others,
                sign_in_falls_back_if_a_membership_has_ended,
                sign_in_without_a_default_starts_in_the_first_organization_joined,
                networks_of_earlier_sign_ins_are_known,
                failed_sign_ins_are_counted,
                account_is_disabled_and_enabled,
                platform_admin_flag_is_set_and_cleared,
            }
            devices {
                devices_of_earlier_sign_ins_are_known,
                session_ends_after_too_many_wrong_passwords,
                wrong_password_count_is_inherited_by_the_next_session,
                reset_device_is_forgotten_after_too_many_wrong_passwords,
                wrong_passwords_from_unknown_devices_are_not_counted,
                concurrent_wrong_passwords_reach_the_cap_once,
            }
            user_lists {
                accounts_are_listed_page_by_page,
                accounts_are_filtered,
                accounts_are_found_by_prefix,
            }
            deletions {
                account_is_deleted_with_its_data_and_audit_trail_stays,
                organization_is_deleted_and_its_members_stay,
                memberships_are_listed_with_the_number_of_other_members,
                locked_organization_cannot_be_joined,
            }
            passwords {
                client_that_set_the_password_is_known,
                new_password_replaces_the_previous_one,
                account_without_password_gets_one,
                every_password_change_increments_the_version,
                concurrent_new_passwords_each_increment_the_version,
                verified_password_is_changed,
                password_is_not_changed_if_its_version_is_outdated,
                account_without_password_has_none_to_change,
                password_with_renewed_hash_is_changed,
                concurrent_password_changes_succeed_once,
                rehash_replaces_the_expected_hash,
                rehash_does_not_undo_a_new_password,
                concurrent_rehashes_succeed_once,
                password_sample_contains_only_accounts_with_a_password,
                email_is_verified,
                time_of_the_first_verification_stays,
                other_email_is_not_verified,
                concurrent_verifications_all_return_true,
            }
            emails {
                changed_email_replaces_the_previous_one,
                email_chosen_by_the_user_makes_the_account_provisional,
                email_that_differs_only_in_case_is_changed,
                taken_email_is_rejected_in_any_case,
                verified_email_is_kept_on_request,
                email_is_not_changed_if_it_is_no_longer_the_expected_one,
                concurrent_email_changes_succeed_once,
                concurrent_changes_to_one_email_succeed_once,
            }
            profiles {
                every_field_can_be_set,
                every_field_can_be_cleared,
                fields_absent_from_the_update_are_unchanged,
                update_does_not_affect_other_accounts,
                unknown_account_is_not_updated,
                json_objects_are_returned_byte_for_byte,
            }
            sessions {
                session_is_returned_as_it_was_opened,
                opening_records_the_latest_sign_in,
                session_of_unknown_user_is_not_stored,
                failed_opening_records_no_sign_in,
                verified_password_opens_a_session,
                password_with_renewed_hash_opens_a_session,
                previous_password_opens_no_session,
                password_of_disabled_or_unknown_user_opens_no_session,
                password_opens_no_session_after_too_many_failures,
                account_without_password_opens_no_session_by_password,
                no_sign_in_survives_a_password_change,
                session_context_has_the_role_in_one_organization,
                unknown_session_has_no_context,
                ended_session_still_has_its_context,
                session_switches_to_another_organization,
                session_does_not_switch_to_organization_of_others,
            }
            session_ends {
                session_ends_no_later_than_the_given_time,
                session_lasts_no_longer_than_the_one_it_inherits_from,
                reason_of_the_first_end_stays,
                unknown_session_is_not_ended,
                concurrent_ends_succeed_once,
                session_of_another_user_is_not_ended,
                revoking_other_sessions_keeps_only_the_current_one,
                all_sessions_are_ended,
                excess_sessions_end_in_the_order_of_their_use,
                ended_session_leaves_its_organization,
                sessions_of_all_users_are_revoked_in_batches,
                expired_and_ended_sessions_are_deleted,
            }
            session_lists {
                live_sessions_are_listed_newest_first,
                sessions_are_listed_page_by_page,
            }
            refreshes {
                refresh_increments_the_generation_by_one,
                refresh_records_its_network_and_user_agent,
                refresh_does_not_advance_other_sessions,
                concurrent_refreshes_with_one_token_succeed_once,
                reusable_token_refreshes_repeatedly,
                other_generation_is_rejected,
                unknown_session_is_rejected,
                session_that_is_not_live_is_rejected,
                disabled_user_is_rejected,
                unverified_user_is_rejected_on_request,
                organization_of_others_is_rejected,
                refresh_continues_in_the_named_organization,
                refresh_falls_back_if_a_membership_has_ended,
                refresh_returns_the_current_roles,
                refresh_returns_whether_the_email_is_verified,
                ended_session_stays_ended_during_concurrent_refreshes,
            }
            invites {
                invite_is_returned_as_it_was_added,
                unknown_invite_is_absent,
                inviting_again_renews_the_pending_invite,
                expired_invite_is_renewed,
                concurrent_invites_for_one_email_leave_one_pending,
                ended_invite_is_not_renewed,
                invites_to_two_organizations_are_separate,
                invite_is_accepted_once,
                invite_is_accepted_with_the_current_counter_only,
                invite_is_accepted_before_it_expires,
                invite_requires_the_inviters_permission,
                concurrent_acceptances_succeed_once,
                revoked_invite_is_not_accepted,
                accepted_invite_is_not_revoked,
                invite_of_another_organization_is_not_revoked,
                invite_is_either_accepted_or_revoked,
                pending_invites_are_listed_page_by_page,
                pending_invites_of_all_organizations_are_listed_with_their_names,
                invites_of_all_organizations_are_revoked_once,
                pending_invite_is_renewed_by_its_id,
                other_invites_are_not_renewed,
            }
            one_time_tokens {
                token_is_returned_as_it_was_issued,
                no_token_is_issued_within_the_interval,
                interval_does_not_apply_to_another_email,
                emails_to_former_addresses_are_counted,
                token_for_another_email_invalidates_the_previous_one,
                issues_follow_the_rule_of_the_domain,
                old_token_stays_valid_beside_the_next,
                old_token_is_invalidated_with_the_next,
                token_is_issued_after_the_previous_one_was_used,
                tokens_are_separate_per_purpose_and_account,
                concurrent_issues_succeed_once,
                token_is_found_by_its_own_purpose_only,
                row_is_found_by_an_older_token,
                token_is_used_once,
                token_that_is_not_open_cannot_be_used,
                concurrent_uses_of_a_token_succeed_once,
                invalidated_token_cannot_be_used,
                only_an_open_token_is_invalidated,
                open_tokens_of_all_users_are_invalidated,
            }
            outbox {
                message_is_returned_as_it_was_added,
                message_is_due_from_the_time_of_its_request,
                oldest_messages_are_leased_first,
                postponed_message_is_leased_after_others,
                nothing_is_leased_beyond_the_limit,
                message_is_due_again_when_the_lease_ends,
                concurrent_workers_never_get_the_same_message,
                lease_holds_despite_clock_skew,
                daily_message_is_added_once,
                sent_daily_message_is_not_added_again,
                concurrent_daily_messages_are_added_once,
                request_is_replaced_with_a_message,
                sent_message_is_not_leased,
                discarded_request_is_not_leased,
                replaced_request_is_not_discarded,
                retried_message_is_due_at_the_given_time,
                released_message_counts_no_attempt,
                failed_message_is_not_leased,
                messages_sent_before_the_given_time_are_deleted,
            }
            outbox_lists {
                messages_are_listed_by_state,
                messages_are_listed_page_by_page,
                message_is_released_unless_it_was_sent,
                backlog_counts_unsent_messages,
            }
            outbox_turns {
                lanes_are_leased_separately,
                many_messages_of_one_sender_do_not_delay_another,
                new_sender_gets_a_turn_before_long_waiting_messages,
                messages_are_leased_before_their_turn_if_no_other_sender_waits,
                failing_messages_do_not_delay_other_senders,
                released_message_keeps_its_turn,
                turns_are_computed_from_waiting_messages,
            }
            mail_allowances {
                allowance_is_taken_up_to_its_limit,
                concurrent_callers_do_not_exceed_the_allowance,
                allowance_of_a_dropped_unit_is_available_again,
                allowances_of_earlier_days_are_deleted,
            }
            owners {
                user_owns_no_more_organizations_than_the_limit,
                concurrent_creations_do_not_exceed_the_limit,
            }
            memberships {
                membership_is_returned_as_it_was_added,
                membership_belongs_to_one_user_and_one_organization,
                existing_membership_is_unchanged,
                joining_twice_keeps_the_unit_of_work_usable,
                concurrent_joins_add_one_membership,
                member_role_is_changed,
                member_is_removed,
                members_are_listed_page_by_page,
                member_is_found_by_email,
                other_owner_is_active_and_in_the_same_organization,
            }
            orgs {
                organization_is_returned_as_it_was_added,
                unknown_organization_is_absent,
                two_organizations_may_have_the_same_name,
                organization_is_found_for_its_members,
                organizations_of_a_user_are_listed_page_by_page,
                all_organizations_are_listed_page_by_page,
                organization_is_renamed,
                organization_is_deleted_with_its_memberships_and_invites,
                only_existing_organization_is_locked,
                concurrently_leaving_owners_leave_one_behind,
            }
            signing_keys {
                new_storage_has_no_keys,
                key_is_returned_as_it_was_added,
                first_key_is_not_replaced,
                replicas_that_start_together_share_one_key,
                key_is_added_only_after_the_newest,
                concurrent_rotations_add_one_key,
                key_activation_moves_only_to_an_earlier_time,
                other_keys_expire,
                key_is_reencrypted_once,
                expired_keys_are_deleted,
            }
            audit {
                every_kind_of_entry_is_stored,
                entries_of_one_user_or_of_all_are_listed,
                entries_are_listed_page_by_page,
                old_entries_are_deleted,
            }
        }
    };
}

/// Generates a test of every rate limiter clause for the rate limiter that a fixture returns.
///
/// The fixture is the path of an `async fn()` that returns two values: one that dereferences to the limiter,
/// with all its buckets full, and one that dereferences to the
/// [`FrozenClock`](doorward_domain::mock::FrozenClock) that the limiter uses. Attributes before the path are
/// added to every test.
///
/// ```
/// mod in_memory {
///     use doorward_domain::mock::{FrozenClock, MockRateLimiter};
///
///     async fn limiter() -> (Box<MockRateLimiter>, Box<FrozenClock>) {
///         (Box::new(MockRateLimiter::new()), Box::new(FrozenClock::default()))
///     }
///
///     doorward_conformance::rate_limiter_conformance!(#[ignore = "a mock limits nothing"] limiter);
/// }
/// ```
#[macro_export]
macro_rules! rate_limiter_conformance {
    ($(#[$attribute:meta])* $($fixture:ident)::+) => {
        use $($fixture)::+ as conformance_fixture;

        $crate::__clauses! { __rate_limiter_clause, [$(#[$attribute])*],
            rate_limiter {
                every_bucket_is_limited,
                token_is_available_after_the_returned_wait,
                bucket_is_refilled_after_a_minute,
                half_a_bucket_is_refilled_after_half_a_minute,
                keys_are_counted_separately,
                limits_are_counted_separately,
                returned_token_can_be_taken_again,
                token_is_returned_to_its_own_bucket,
                full_bucket_accepts_no_more_tokens,
                concurrent_takes_do_not_exceed_the_limit,
                concurrently_returned_tokens_are_all_counted,
                take_any_takes_from_groups_with_tokens,
                group_takes_from_all_of_its_buckets_or_none,
                bucket_capacity_is_a_multiple_of_the_limit,
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

    /// Returns the names of the functions that have the arguments of a clause.
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
    fn every_clause_is_listed() {
        let list = include_str!("suite.rs");
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
