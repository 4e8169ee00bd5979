use super::*;
use crate::passwords::pepper::Pepper;

const PASSWORD: &str = "correct horse";

fn read(text: &str) -> Result<Box<dyn StoredHash>, BadHash> {
    parse(&PasswordHash::new(text.to_owned()))
}

fn fits(text: &str, password: &str) -> bool {
    let (mut memory, peppers) = (Memory::keeping(0), Peppers::default());
    let mut work = Work { memory: &mut memory, peppers: &peppers };
    read(text).unwrap().fits(password.as_bytes(), &mut work).unwrap()
}

/// Hashes of "correct horse", created by passlib 1.7.4 and Django 5.2.
const TAKEN_OVER: [&str; 16] = [
    "$pbkdf2$1000$FgLAWEsJgdB6z5nTuvceww$BNmL5PayXDBYPCon3YEKdf4trMc",
    "$pbkdf2-sha256$1000$oJSScq51DsG4V0qpFWJMKQ$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0",
    "$pbkdf2-sha512$1000$cW4NYex97x2jVColBEAIwQ$IIXTe4ONMYQCiaiRd/QlCjA2FSNCqWDUyRihjotAK5QR38wT/XyPnvSp6N4w5SO4b6DChpL61BTBk4dlWEAaFA",
    "$pbkdf2-sha256$i=1000,l=32$oJSScq51DsG4V0qpFWJMKQ$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0",
    "$scrypt$ln=8,r=8,p=1$wNg7h3COkdI6JySEUIoxpg$AVHcor/SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn+Hqg",
    "$argon2i$v=19$m=256,t=2,p=1$U8oZw/hfyzkHQCilVIrxvg$ntepa36ABHoB6YiwJxEXFTgZs3WkkZaNtdAaAwZZJmE",
    "$2b$04$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW",
    "$2a$04$gdIG2.au9tnF0/XyX3FmJOMxzkBAL9LLkl4eBOtPPJ03ilAwZmiAW",
    "$2y$04$g6SU8vFpTp4NHIHyR5aaAe1iV873tXPvYpCMQliU6Gkfktq4KoEuG",
    "pbkdf2_sha256$1000$NmAerrzTlyneQxrXEvWrfp$szRyqGLt7okIJaSIX1y/Y8xJrQNn1eh+CaPUbvoh8ss=",
    "pbkdf2_sha1$1000$ZIEBeVdvZL9UwcavFaXrYE$+leyeJ6qsQOgOQoQlt4GVeNMtAo=",
    "scrypt$256$SsRjtRerZCF5H0ICsLfFJp$8$1$2gPp6EPre7akuNd7tqEyfuwU7AnmOCXeu3Q/7U7wq2Z9boK3efmHFU3rpDcrjEC+BYAU1OYq9CsKPXbnyws7ew==",
    "argon2$argon2id$v=19$m=256,t=1,p=1$Z0QzaUNUbExBNmxwS0VPUmRvOGNxOQ$ECn5AHj4Q/Xpvz2nbS+1Nkx6Vel3iKztoS1AzHgEBe4",
    "bcrypt_sha256$$2b$04$KD.1e0lyYoEMLFWwfM6sh.lvWawn/iZchmZ/fG7D6PA9igEkeosSy",
    "bcrypt$$2b$04$NYN4BIqRCBnL4H85klTJOuzvj6Z49exMSWmA9TmKsze2B/rw/k6S.",
    // Not created by passlib: the second hash, with standard Base64 and padding.
    "$pbkdf2-sha256$1000$oJSScq51DsG4V0qpFWJMKQ==$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0=",
];

/// Hashes of "correct horse", created by passlib 1.7.4 and Werkzeug 3. Those with a comment follow the source code
/// of the named system, computed with Python's hashlib.
const OTHER_SPELLINGS: [&str; 21] = [
    "$bcrypt-sha256$v=2,t=2b,r=4$OLc3e2H72wt0GMoM2al06e$orJj9YfT/kWwnsQFmR669OHZHK30VWW",
    "$bcrypt-sha256$2b,4$2wUYJHS3OLG0TW/ZjCHQn.$0hJDk/WWb6YfYCzlXCwDrD0h6k5stwC",
    "$P$5Bxul1vehBTM8IZLtfKs1mkxub7KoB0",
    "$H$5/BAnP0FrPEt9Le2wRgGQ2fixeO3P/.",
    "pbkdf2:sha256:1000$2zPc3C8sIIewrHW2$c46f48b23e9f0720644b5ac80a29b0fb7a9eaf0acae5f756a9c3b59d90255553",
    "pbkdf2:sha512:1000$fD8XlNqJXzEEYDJg$28bf7f94621098baec83ab5fad89d5b032c0c1788c6437a033792a636b5c4e564a5117b0901379296ca988c4fc3ebf373652ed325984f70a4262026f3d629b12",
    "pbkdf2:sha1:1000$DbM6cnqzUlWICOQF$f2a0aba3011b59dddc4622a3faf141694c7d97b7",
    "scrypt:256:8:1$IGxSbEkLSp4qrM82$834394364fe3f1f1a935283c35eaafdb6fcc800b7bea20b35305abd59e6f50bd4312cb34831ebdfe05032bc6caf8eaca2f74523b8630d4d0b7eeccba46871bcf",
    // WordPress since 6.8.
    "$wp$2y$04$YiHXgEcVZ1kgs2G01uifjuDNQq.nkEdBoOznq4wgYEte42pjq7Mn6",
    // Spring Security, with and without the name of its encoder.
    "$80801$/MtMVO8JvMKOpnJBE/yoaA==$cMl7WU+wxo6nr0Isgc28S7NnGiSXoUkJTocJQrLQWy0=",
    "{scrypt@SpringSecurity_v5_8}$80801$/MtMVO8JvMKOpnJBE/yoaA==$cMl7WU+wxo6nr0Isgc28S7NnGiSXoUkJTocJQrLQWy0=",
    "{bcrypt}$2a$04$gdIG2.au9tnF0/XyX3FmJOMxzkBAL9LLkl4eBOtPPJ03ilAwZmiAW",
    "{BLF-CRYPT}$2y$04$g6SU8vFpTp4NHIHyR5aaAe1iV873tXPvYpCMQliU6Gkfktq4KoEuG",
    // better-auth
    "8831015d208c1a25bf8c37817804c50a:26da52adca58ac15607502b04a3cb2aab0ff7f8bd932f0c3e4c97c2f6a1f2995e29062e34bdb6e0d746e1e230952588527de15de107a46a9b37466c63ab6c724",
    // ASP.NET Core Identity: version 3 with SHA-256 and SHA-512, and version 2.
    "AQAAAAEAAAPoAAAAEEtbWQj0CCCUF7YiISwmTx5bAIMLVpehLL18oOtpE4UriyNWZdKO68KEWvOHIJpcZw==",
    "AQAAAAIAAAPoAAAAEEtbWQj0CCCUF7YiISwmTx6hDqBVhQFoQQPqC9vpHHSX79Go5f6JysenG0RJQZd4Zg==",
    "AEtbWQj0CCCUF7YiISwmTx6vtOMOPRRy9VglDDqXihLI2umfEEz4Pae+kd1ixJ4hrw==",
    // Hashes of the list above, reordered, padded, and in the URL-safe alphabet.
    "$argon2i$v=19$t=2,m=256,p=1$U8oZw/hfyzkHQCilVIrxvg==$ntepa36ABHoB6YiwJxEXFTgZs3WkkZaNtdAaAwZZJmE=",
    "$argon2i$v=19$p=1,t=2,m=256$U8oZw/hfyzkHQCilVIrxvg$ntepa36ABHoB6YiwJxEXFTgZs3WkkZaNtdAaAwZZJmE",
    "{argon2}$argon2i$v=19$m=256,t=2,p=1$U8oZw/hfyzkHQCilVIrxvg$ntepa36ABHoB6YiwJxEXFTgZs3WkkZaNtdAaAwZZJmE",
    "$scrypt$ln=8,r=8,p=1$wNg7h3COkdI6JySEUIoxpg$AVHcor_SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn-Hqg",
];

/// Firebase's published example of its scrypt: "user1password".
const FIREBASE: &str = "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";

#[test]
fn imported_hashes_verify_only_their_password() {
    for hash in TAKEN_OVER.into_iter().chain(OTHER_SPELLINGS) {
        assert!(fits(hash, PASSWORD), "{hash}");
        assert!(!fits(hash, "correct horsf"), "{hash}");
        assert!(!fits(hash, ""), "{hash}");
    }
    assert!(fits(FIREBASE, "user1password"));
    assert!(!fits(FIREBASE, "user2password"));
    let for_urls = FIREBASE.replace('+', "-").replace('/', "_");
    assert!(fits(&for_urls, "user1password"));
}

#[test]
fn wordpress_hash_ignores_whitespace_around_the_password() {
    let hash = "$wp$2y$04$YiHXgEcVZ1kgs2G01uifjuDNQq.nkEdBoOznq4wgYEte42pjq7Mn6";
    assert!(fits(hash, " correct horse\t"));
}

#[test]
fn error_names_unsupported_hash_format_without_repeating_the_hash() {
    for (hash, part) in [
        ("$1$salt$hash", "MD5-crypt"),
        ("$6$salt$hash", "SHA-512-crypt"),
        ("$5$rounds=5000$salt$hash", "SHA-256-crypt"),
        ("$y$j9T$salt$hash", "yescrypt"),
        ("$2x$04$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW", "$2x$"),
        ("md5$salt$5f4dcc3b5aa765d61d8327deb882cf99", "salted MD5"),
        ("5f4dcc3b5aa765d61d8327deb882cf99", "MD5"),
        ("5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8", "SHA-1"),
        ("*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29", "MySQL"),
        ("{SSHA}c2VjcmV0c2VjcmV0", "LDAP"),
        ("{noop}secret", "not hashed"),
        ("{pbkdf2}secret", "in braces"),
    ] {
        let Err(refused) = read(hash) else { panic!("{hash}") };
        assert!(matches!(refused, BadHash::Unsupported(_)), "{hash}: {refused}");
        let said = refused.to_string();
        assert!(said.contains(part) && !said.contains("secret"), "{said}");
    }
}

#[test]
fn bcrypt_uses_the_first_72_bytes_like_the_original_system() {
    // passlib, for "x" repeated 80 times.
    let hash = "$2b$04$g6iOszECD9FyEYkl0i/BKed9IyGAi3fF.79/f6PdxYcm4VH2d2Zki";
    assert!(fits(hash, &"x".repeat(80)));
    assert!(fits(hash, &"x".repeat(72)));
    assert!(!fits(hash, &"x".repeat(71)));
}

#[test]
fn decoy_has_the_same_format_and_matches_no_password() {
    for hash in TAKEN_OVER.into_iter().chain(OTHER_SPELLINGS).chain([FIREBASE]) {
        let stand_in = read(hash).unwrap().stand_in();
        let again =
            read(&stand_in).unwrap_or_else(|error| panic!("{stand_in}: {error}")).stand_in();
        assert_eq!(stand_in, again, "{hash}");
        assert!(!fits(&stand_in, PASSWORD) && !fits(&stand_in, ""), "{hash}");
    }
}

#[test]
fn hashes_of_the_same_cost_share_one_decoy() {
    let scheme = Scheme::new(64, 1, None).unwrap();
    let (mut memory, peppers) = (Memory::keeping(64), Peppers::default());
    let mut work = Work { memory: &mut memory, peppers: &peppers };
    let mut hash = |password: &[u8], salt| scheme.hash(password, &[salt; 16], &mut work).unwrap();
    let (ann, bob) = (hash(b"a", 1), hash(b"b", 2));
    assert_eq!(parse(&ann).unwrap().stand_in(), parse(&bob).unwrap().stand_in());
    assert_eq!(parse(&ann).unwrap().stand_in(), scheme.stand_in().stand_in());
}

#[test]
fn too_expensive_hash_is_not_computed() {
    let costly = [
        "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$argon2id$v=19$m=65536,t=100,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$argon2id$v=19$m=1048576,t=2,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$argon2id$v=19$m=8388608,t=2147483648,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$argon2id$v=19$m=4294967295,t=4294967295,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$2b$15$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW",
        "$scrypt$ln=20,r=8,p=2$wNg7h3COkdI6JySEUIoxpg$AVHcor/SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn+Hqg",
        "$pbkdf2$2600000$oJSScq51DsG4V0qpFWJMKQ$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0",
        "$2b$31$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW",
        "$pbkdf2-sha256$4000000000$oJSScq51DsG4V0qpFWJMKQ$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0",
        "$scrypt$ln=24,r=8,p=1$wNg7h3COkdI6JySEUIoxpg$AVHcor/SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn+Hqg",
        "$scrypt$ln=8,r=8,p=999$wNg7h3COkdI6JySEUIoxpg$AVHcor/SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn+Hqg",
    ];
    for hash in costly {
        assert!(matches!(read(hash), Err(BadHash::TooCostly(_))), "{hash}");
    }
}

#[test]
fn malformed_hash_is_rejected() {
    let malformed = [
        "$argon2id$v=19$m=256,t=1,p=1$c29tZXNhbHQ",
        "$argon2x$v=19$m=256,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
        "$2b$04$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8Nfjp",
        "$pbkdf2-sha256$0$oJSScq51DsG4V0qpFWJMKQ$7z5Na7AdAar4GVbebqJnnIiRUZu70uf7DL0jYKdEpe0",
        "$pbkdf2-sha256$1000$oJSScq51DsG4V0qpFWJMKQ$7z5N",
        "$scrypt$ln=8,r=8$wNg7h3COkdI6JySEUIoxpg$AVHcor/SP8R0qmrZ6Wx0eLuVwSt92zVCL4550dn+Hqg",
        "scrypt$1$SsRjtRerZCF5H0ICsLfFJp$8$1$2gPp6EPre7akuNd7tqEyfuwU7AnmOCXeu3Q/7U7wq2Z9",
        "scrypt$255$SsRjtRerZCF5H0ICsLfFJp$8$1$2gPp6EPre7akuNd7tqEyfuwU7AnmOCXeu3Q/7U7wq2Z9",
        // Truncated, and with trailing data.
        "$2b$04$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZWx",
        "$bcrypt-sha256$v=3,t=2b,r=4$OLc3e2H72wt0GMoM2al06e$orJj9YfT/kWwnsQFmR669OHZHK30VWW",
        "$P$5Bxul1vehBTM8IZLtfKs1mkxub7KoB",
        "$P$4Bxul1vehBTM8IZLtfKs1mkxub7KoB0",
        "pbkdf2:sha256$2zPc3C8sIIewrHW2$c46f48b23e9f0720644b5ac80a29b0fb",
        "pbkdf2:md5:1000$2zPc3C8sIIewrHW2$c46f48b23e9f0720644b5ac80a29b0fb",
        "scrypt:255:8:1$IGxSbEkLSp4qrM82$834394364fe3f1f1a935283c35eaafdb",
        "$fbscrypt$v=2,n=14,r=8,p=1,sk=AAAA$42xEC+ixf3L2lw==$lSrfV15cpx95",
    ];
    for hash in malformed {
        assert!(matches!(read(hash), Err(BadHash::Malformed { .. })), "{hash}");
    }
    for hash in ["", "$", "secret", "Tr0ub4dor&3", "$foo$bar"] {
        assert!(matches!(read(hash), Err(BadHash::Unknown)), "{hash}");
    }
}

#[test]
fn peppered_hash_requires_its_pepper() {
    let pepper = |text: &str| Pepper::new(&text.repeat(32)).unwrap();
    let scheme = Scheme::new(64, 1, Some(&pepper("a"))).unwrap();
    let peppered = Peppers { current: Some(pepper("a")), previous: vec![] };
    let mut memory = Memory::keeping(64);
    let mut fits = |hash: &dyn StoredHash, peppers: &Peppers| {
        hash.fits(b"x", &mut Work { memory: &mut memory, peppers })
    };
    let mut other = Memory::keeping(64);
    let mut work = Work { memory: &mut other, peppers: &peppered };
    let hash = parse(&scheme.hash(b"x", &[7; 16], &mut work).unwrap()).unwrap();

    assert!(fits(&*hash, &peppered).unwrap());
    let rotated = Peppers { current: Some(pepper("b")), previous: vec![pepper("a")] };
    assert!(fits(&*hash, &rotated).unwrap());
    let forgotten = Peppers { current: Some(pepper("b")), previous: vec![] };
    assert!(matches!(fits(&*hash, &forgotten), Err(BadHash::UnknownPepper)));
    assert!(hash.check(&forgotten).is_err() && hash.check(&rotated).is_ok());
    assert!(hash.is_of(&scheme) && !hash.is_of(&Scheme::new(64, 1, Some(&pepper("b"))).unwrap()));
}
