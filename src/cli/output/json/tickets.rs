//! `incident tickets` and `incident page`.

use crate::cli::output::json::escape::SafeFormatter;
use crate::cli::output::json::journal::JournalRow;
use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::cli::output::ticket;
use crate::graph::Graph;
use crate::incident::ticket::Page;
use crate::incident::ticket::Ticket;
use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::model::state::State;
use crate::store::journal::Journal;
use serde::Serialize;
use serde_json::Serializer;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Tickets<'a, T, P> {
    schema: &'static str,
    incident: &'a str,
    tickets: T,
    journal: JournalRow<'a>,
    problems: P,
}

#[derive(Serialize)]
struct TicketRow<'a> {
    key: &'a str,
    summary: String,
    description: String,
    priority: &'static str,
    state: &'static str,
    due: Option<String>,
    owner: Option<&'a str>,
    page: Option<&'a str>,
    project: Option<&'a str>,
    labels: [String; 3],
    deployments: Vec<&'a str>,
}

#[derive(Serialize)]
struct Event<'a> {
    event_action: &'static str,
    dedup_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Payload<'a>>,
}

#[derive(Serialize)]
struct Payload<'a> {
    summary: String,
    source: &'static str,
    severity: &'static str,
    component: &'a str,
    group: Option<&'a str>,
    class: &'static str,
    custom_details: Details<'a>,
}

#[derive(Serialize)]
struct Details<'a> {
    page: Option<&'a str>,
    ticket: Option<&'a str>,
    open: usize,
    deployments: Vec<String>,
}

/// At most so many deployments stand in one page, which the receiver limits to 512 kB.
const LISTED: usize = 100;

/// Writes the tickets.
pub(in crate::cli) fn tickets(
    out: &mut dyn Write,
    graph: &Graph,
    journal: &Journal,
    answer: &Answer<'_>,
    tickets: &[Ticket<'_>],
) -> io::Result<()> {
    let row = |own: &'_ Ticket<'_>| (ticket::summary(answer, own), ticket::description(answer, own));
    let rows = Each(|| {
        tickets.iter().map(|own| {
            let (summary, description) = row(own);
            TicketRow {
                key: &own.key,
                summary,
                description,
                priority: own.priority(),
                state: own.state().word(),
                due: own.due().map(|due| due.to_string()),
                owner: own.owner,
                page: own.contact.and_then(|contact| contact.page.as_deref()),
                project: own.contact.and_then(|contact| contact.ticket.as_deref()),
                labels: ticket::labels(answer, own),
                deployments: own.rows.iter().map(|line| line.deployment.as_str()).collect(),
            }
        })
    });
    let (journal, problems) = (JournalRow::new(journal), Each(|| problems(graph)));
    write(out, &Tickets { schema: "downriver/tickets/1", incident: &answer.case.id, tickets: rows, journal, problems })
}

/// Writes one event a line.
pub(in crate::cli) fn pages(out: &mut dyn Write, answer: &Answer<'_>, pages: &[Page<'_>]) -> io::Result<()> {
    for page in pages {
        let open = !page.rows.is_empty();
        let event = Event {
            event_action: if open { "trigger" } else { "resolve" },
            dedup_key: &page.key,
            payload: open.then(|| payload(answer, page)),
        };
        event.serialize(&mut Serializer::with_formatter(&mut *out, SafeFormatter::compact()))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn payload<'a>(answer: &'a Answer<'_>, page: &Page<'a>) -> Payload<'a> {
    let worst = page.rows.iter().filter_map(|line| line.state).min().unwrap_or(State::Unknown);
    let (id, counts) = (ticket::brief(&answer.case.id), ticket::counts(&page.rows));
    let owner = ticket::brief(page.owner.unwrap_or("nobody"));
    let deployment = |line: &&Line<'_>| format!("{} {}", line.state.map_or("", State::word), line.deployment);
    Payload {
        summary: format!("{id} {}: {counts} of {owner}", answer.hazard()),
        source: "downriver",
        severity: match worst {
            State::Affected => "critical",
            State::Possible => "error",
            State::Unknown | State::Contained | State::Clear => "warning",
        },
        component: &answer.case.id,
        group: page.owner,
        class: answer.hazard(),
        custom_details: Details {
            page: page.contact.and_then(|contact| contact.page.as_deref()),
            ticket: page.contact.and_then(|contact| contact.ticket.as_deref()),
            open: page.rows.len(),
            deployments: page.rows.iter().take(LISTED).map(deployment).collect(),
        },
    }
}
