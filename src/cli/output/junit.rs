//! Answers for pipelines, as JUnit XML: one test case a question.

use crate::cli::drill::Drilled;
use crate::cli::drill::Round;
use crate::text::Untrusted;
use quick_xml::Writer;
use quick_xml::events::BytesDecl;
use quick_xml::events::BytesText;
use quick_xml::events::Event;
use std::io;
use std::io::Write;

/// Writes a drill.
pub(in crate::cli) fn drill(out: &mut dyn Write, drilled: &Drilled) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let (tests, failures) = (drilled.rounds.len(), drilled.rounds.iter().filter(|round| !round.passes()).count());
    let time: f64 = drilled.rounds.iter().map(|round| round.took.as_secs_f64()).sum();
    let (tests, failures, time) = (tests.to_string(), failures.to_string(), format!("{time:.3}"));
    let counts = [("tests", tests.as_str()), ("failures", &failures), ("errors", "0"), ("time", &time)];
    let suite = xml.create_element("testsuite").with_attribute(("name", "downriver drill")).with_attributes(counts);
    suite.write_inner_content(|xml| drilled.rounds.iter().try_for_each(|round| case(xml, round)))?;
    out.write_all(&xml.into_inner())?;
    out.write_all(b"\n")
}

fn case(xml: &mut Writer<Vec<u8>>, round: &Round) -> io::Result<()> {
    let name = format!("{} {}", round.kind, Untrusted::new(&round.component).show());
    let time = format!("{:.3}", round.took.as_secs_f64());
    let case = xml.create_element("testcase").with_attributes([("classname", "drill"), ("name", name.as_str()), ("time", &time)]);
    if round.passes() {
        case.write_empty()?;
        return Ok(());
    }
    let message = if round.is_wrong() { "another answer than expected" } else { "later than promised" };
    let line = |what: &str, deployment: &String| format!("{what} {}", Untrusted::new(deployment).show());
    let missed = round.missed.iter().map(|deployment| line("missed", deployment));
    let lines: Vec<String> = missed.chain(round.extra.iter().map(|deployment| line("extra", deployment))).collect();
    case.write_inner_content(|xml| {
        let failure = xml.create_element("failure").with_attribute(("message", message));
        failure.write_text_content(BytesText::new(&lines.join("\n")))?;
        Ok(())
    })?;
    Ok(())
}
