//! The tables, with the types of `column`. Each table follows those that it references, since rows are copied in
//! this order. A test compares the definitions with the schema that the migrations create.

use super::table::tables;

tables! {
    orgs (id) {
        id -> Id,
        name -> Text,
        kind -> Text,
        created_at -> Instant,
    }

    users (id) {
        id -> Id,
        email -> Text,
        email_key -> Text,
        username -> Text,
        username_key -> Text,
        password_hash -> Nullable<Text>,
        password_version -> Integer,
        password_set_at -> Nullable<Instant>,
        password_set_from -> Nullable<Text>,
        device_failures -> Integer,
        full_name -> Nullable<Text>,
        avatar_url -> Nullable<Text>,
        bio -> Nullable<Text>,
        timezone -> Nullable<Text>,
        locale -> Nullable<Text>,
        preferences -> Text,
        settings -> Text,
        verified_at -> Nullable<Instant>,
        disabled_at -> Nullable<Instant>,
        is_platform_admin -> Bool,
        is_provisional -> Bool,
        default_org_id -> Nullable<Id>,
        last_login_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
    }

    memberships (user_id, org_id) {
        user_id -> Id,
        org_id -> Id,
        role -> Text,
        joined_at -> Instant,
    }

    sessions (id) {
        id -> Id,
        user_id -> Id,
        org_id -> Nullable<Id>,
        generation -> Integer,
        created_at -> Instant,
        rotated_at -> Instant,
        idle_expires_at -> Instant,
        expires_at -> Instant,
        network -> Text,
        user_agent -> Nullable<Text>,
        last_network -> Text,
        last_user_agent -> Nullable<Text>,
        previous_network -> Text,
        ended_at -> Nullable<Instant>,
        ended_reason -> Nullable<Text>,
        device_failures -> Integer,
    }

    one_time_tokens (id) {
        id -> Id,
        user_id -> Id,
        purpose -> Text,
        email -> Text,
        counter -> Integer,
        issued_at -> Instant,
        expires_at -> Instant,
        former_expires_at -> Nullable<Instant>,
        used_at -> Nullable<Instant>,
        latest_email_at -> Instant,
        hour_began_at -> Instant,
        emails_in_hour -> Integer,
        day_full_at -> BigInt,
    }

    invites (id) {
        id -> Id,
        org_id -> Id,
        email -> Text,
        email_key -> Text,
        role -> Text,
        invited_by -> Id,
        counter -> Integer,
        created_at -> Instant,
        expires_at -> Instant,
        accepted_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
    }

    outbox (id) {
        id -> Id,
        recipient -> Text,
        subject -> Text,
        token_row -> Nullable<Id>,
        token_counter -> Nullable<Integer>,
        created_at -> Instant,
        due_at -> Instant,
        lane -> Text,
        sender -> Text,
        turn_at -> Instant,
        is_tried -> Bool,
        attempts -> Integer,
        sent_at -> Nullable<Instant>,
        failed_at -> Nullable<Instant>,
        last_error -> Nullable<Text>,
        session_id -> Nullable<Id>,
        once_key -> Nullable<Text>,
    }

    mail_allowances (day, key) {
        key -> Text,
        day -> Instant,
        used -> Integer,
    }

    audit_events (id) {
        id -> Id,
        kind -> Text,
        at -> Instant,
        user_id -> Nullable<Id>,
        org_id -> Nullable<Id>,
        session_id -> Nullable<Id>,
        address -> Text,
        user_agent -> Nullable<Text>,
        request_id -> Text,
    }

    signing_keys (kid) {
        kid -> Text,
        ordinal -> Integer,
        algorithm -> Text,
        public_key -> Binary,
        encrypted_private_key -> Binary,
        created_at -> Instant,
        activates_at -> Instant,
        expires_at -> Nullable<Instant>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, sessions, memberships, orgs);
diesel::allow_tables_to_appear_in_same_query!(invites, orgs);
