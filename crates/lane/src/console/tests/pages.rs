//! Pages that everybody may see, log-in and choice of a lane.

use super::{faults, unlocalised};
use crate::console::{
    Hand, Language, Role, Viewer, administrator, auditor,
    login::{self, LanesPage, LoginFailure, LoginPage, PasswordPage},
    manual::{self, Failure, ManualPage},
    notice::{self, NoticePage, Retention},
    officer::MeasuredError,
    supervisor,
};

#[path = "../../../tests/console/pages.rs"]
mod made;

fn viewer(language: Language) -> Viewer {
    Viewer {
        user: "m.osei".into(),
        role: Role::Officer,
        language,
        hand: Hand::LeftHandDrive,
        csrf: "token".into(),
    }
}

fn notice(language: Language, error: MeasuredError) -> NoticePage {
    NoticePage {
        language,
        languages: Language::ALL.into(),
        operator: "Example Border Service".into(),
        purpose: "identity checks".into(),
        legal_basis: "Act 7".into(),
        contact: "privacy@border.example".into(),
        retention: Retention {
            transaction_minutes: 5,
            hold_minutes: 60,
            order_minutes: 2_880,
            two_officers: true,
            outcomes_days: 90,
        },
        error,
        address: Some("https://lane.border.example/notice".into()),
    }
}

fn pages(language: Language) -> Vec<(&'static str, String)> {
    let failures = vec![
        Failure::Camera("front".into()),
        Failure::Documents,
        Failure::Analysis,
        Failure::Log,
    ];
    let login = |failure| login::page(&LoginPage { language, failure });
    let measured = MeasuredError {
        one_wrong_in: Some(12_500),
        referred_per_hundred: Some(0.2),
        measured_on: Some(jiff::civil::date(2026, 11, 20)),
    };
    vec![
        ("login", login(None)),
        ("login, wrong", login(Some(LoginFailure::Wrong))),
        ("login, wait", login(Some(LoginFailure::Wait(30)))),
        (
            "password",
            login::password(&PasswordPage {
                viewer: viewer(language),
                must_change: true,
                failure: None,
            }),
        ),
        (
            "lanes",
            login::lanes(&LanesPage {
                viewer: viewer(language),
                lanes: vec!["A1".into(), "B 2/x".into()],
            }),
        ),
        (
            "no lanes",
            login::lanes(&LanesPage {
                viewer: viewer(language),
                lanes: Vec::new(),
            }),
        ),
        (
            "supervisor",
            supervisor::page(&made::supervisor(viewer(language))),
        ),
        ("auditor", auditor::page(&made::auditor(viewer(language)))),
        (
            "administrator",
            administrator::page(&made::administrator(viewer(language))),
        ),
        (
            "zones",
            administrator::zones(&made::zones(viewer(language))),
        ),
        ("manual", manual::page(&ManualPage { language, failures })),
        ("notice", notice::page(&notice(language, measured))),
        (
            "notice, unmeasured",
            notice::page(&notice(language, MeasuredError::default())),
        ),
    ]
}

#[test]
fn every_page_is_sound() {
    let mut wrong = Vec::new();
    for language in Language::ALL {
        for (name, html) in pages(language) {
            wrong.extend(
                faults(&html)
                    .into_iter()
                    .map(|fault| format!("{name}: {fault}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_text_is_outside_the_localisation() {
    let known = [
        "m.osei",
        "A1",
        "B 2/x",
        "Example Border Service",
        "identity checks",
        "Act 7",
        "privacy@border.example",
        "https://lane.border.example/notice",
    ];
    let known = known.map(str::to_owned);
    let mut wrong = Vec::new();
    for (name, html) in pages(Language::Marked) {
        // Other languages of the notice stand for themselves.
        let own = html
            .split("<article")
            .take(2)
            .collect::<Vec<_>>()
            .join("<article");
        let rest = unlocalised(&own, &known).into_iter();
        wrong.extend(rest.map(|text| format!("{name}: {text}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_notice_says_all_that_the_configuration_names() {
    let html = notice::page(&notice(Language::Spanish, MeasuredError::default()));
    for text in [
        "Example Border Service",
        "identity checks",
        "Act 7",
        "privacy@border.example",
        "5 minutos",
        "60 minutos",
        "2 días",
        "90 días",
        "Dos agentes",
        "Two officers",
        "lang=\"en\"",
        "lang=\"es\"",
    ] {
        assert!(html.contains(text), "{text}");
    }
    let spanish = html.find("<article").map(|at| &html[at..at + 60]);
    assert!(spanish.is_some_and(|start| start.contains("lang=\"es\"")));
}
