//! Steps of users with passkeys as the beginning of a case.

use crate::generate::ceremony::Step;
use crate::oracle::ceremony::AGE;

/// A case that takes the steps. What the last answer must be is for its author to say. Whatever has no defect is taken to have
/// succeeded.
pub(super) fn skeleton(id: &str, steps: &[Step]) -> String {
    let mut text = "// In src/suite/ceremony/, where act.rs has a function for each step.\n".to_owned();
    text.push_str(&format!("Case::steps({id:?}, \"…\", rules, |ctx| async move {{\n"));
    text.push_str(
        "    let users = [new_user(&ctx, &PoolSpec::MAIN).await?, new_user(&ctx, &PoolSpec::MAIN).await?];\n",
    );
    let mut counts = Counts::default();
    for line in steps.iter().flat_map(|step| counts.lines(*step)) {
        text.push_str(&format!("    {line}\n"));
    }
    text.push_str("    Ok(findings)\n})\n");
    text
}

/// How many there are of what has a number.
#[derive(Default)]
struct Counts {
    challenges: usize,
    passkeys: usize,
    sign_ins: usize,
}

impl Counts {
    /// The lines of a step; none where there is nothing of its number.
    fn lines(&mut self, step: Step) -> Vec<String> {
        let one = |line: String| vec![line];
        match step {
            Step::SignIn(user) => one(format!("let tokens = ctx.fixtures().sign_in(&users[{user}]).await?;")),
            Step::Start(user) => {
                self.challenges += 1;
                one(format!("let (begun, creation{}) = begin(&ctx, &users[{user}]).await?;", self.challenges - 1))
            }
            Step::Complete { user, challenge, defect, again } => {
                let Some(challenge) = newest(self.challenges, challenge) else { return Vec::new() };
                let creation = format!("creation{challenge}");
                let new = match again.and_then(|number| newest(self.passkeys, number)) {
                    Some(again) => format!("passkey{again}.clone()"),
                    None => format!("Credential::new(&{creation}.rp_id, {creation}.user_id.clone(), Algorithm::Es256)"),
                };
                let at = self.passkeys;
                let mut lines = vec![
                    format!("let mut passkey{at} = {new};"),
                    format!(
                        "let mut draft = Registration::new(&{creation}, &origin(&{creation}.rp_id), &passkey{at});"
                    ),
                ];
                lines.extend(defect.map(|defect| format!("// The defect {:?} of REGISTRATION.", defect.name)));
                lines.push(format!("let completed = ctx.send(completion(&users[{user}], &draft.document())).await?;"));
                self.passkeys += usize::from(defect.is_none());
                lines
            }
            Step::List { user, page: 0 } => one(format!("let (listed, entries) = list(&ctx, &users[{user}]).await?;")),
            Step::List { user, page } => one(format!(
                "let listed = list_with(&ctx, &users[{user}], json!({{ \"MaxResults\": {page} }})).await?;"
            )),
            Step::Delete { user, passkey } => {
                let id = newest(self.passkeys, passkey)
                    .map_or("\"bm8tc3VjaC1wYXNza2V5\"".to_owned(), |at| format!("&passkey{at}.id_text()"));
                one(format!("let deleted = delete(&ctx, &users[{user}], {id}).await?;"))
            }
            Step::Begin(user) => {
                self.sign_ins += 1;
                one(format!("let sign_in{} = begin_sign_in(&ctx, &users[{user}]).await?;", self.sign_ins - 1))
            }
            Step::Answer { user, sign_in, passkey, defect } => {
                let (Some(sign_in), Some(passkey)) = (newest(self.sign_ins, sign_in), newest(self.passkeys, passkey))
                else {
                    return Vec::new();
                };
                let mut lines = vec![format!("let mut draft = assertion(&sign_in{sign_in}, &mut passkey{passkey});")];
                lines.extend(defect.map(|defect| format!("// The defect {:?} of ASSERTION.", defect.name)));
                lines.push(format!(
                    "let answered = ctx.send(response(&users[{user}], &sign_in{sign_in}.session, &draft.document())?).await?;"
                ));
                lines
            }
            Step::Factors(user) => one(format!("// GetUserAuthFactors of users[{user}].")),
            Step::SignOut(user) => one(format!("global_sign_out(&ctx, &users[{user}].tokens).await?;")),
            Step::Disable(user) => one(format!("of_user(&ctx, \"AdminDisableUser\", &users[{user}]).await?;")),
            Step::Enable(user) => one(format!("of_user(&ctx, \"AdminEnableUser\", &users[{user}]).await?;")),
            Step::Age(user) => one(format!("ctx.ages(&users[{user}], {AGE}).await?;")),
        }
    }
}

fn newest(count: usize, number: usize) -> Option<usize> {
    count.checked_sub(number + 1)
}
