//! Registrations in the form that the target takes.

use super::act::{begin, completion, new_user};
use crate::ceremony::{self, Algorithm, Creation, Credential, Registration};
use crate::suite::judge::is_served;
use crate::suite::{Ctx, Stop};
use crate::target::PoolSpec;

/// The origin of a page of the relying party. Where its id is no domain, the host in it will be meant.
pub(super) fn origin(relying_party: &str) -> String {
    ceremony::origin(relying_party.split('/').next().unwrap_or(relying_party))
}

/// What a browser sends for Cognito's options: without attestation.
pub(super) fn unattested(creation: &Creation, credential: &Credential) -> Registration {
    Registration::new(creation, &origin(&creation.rp_id), credential)
}

/// The registration of a credential without a defect. A target that takes self attestation and nothing else is given that:
/// that it refuses the other is judged by `ceremony.complete.es256`; here it must not hide what comes after.
pub(super) async fn drafted(ctx: &Ctx, creation: &Creation, credential: &Credential) -> Result<Registration, Stop> {
    let self_attested =
        ctx.fixtures().found("takes self attestation only", || takes_self_attestation_only(ctx)).await?;
    Ok(attested(self_attested, creation, credential))
}

/// The same of a new passkey.
pub(super) async fn plain(ctx: &Ctx, creation: &Creation) -> Result<Registration, Stop> {
    drafted(ctx, creation, &Credential::new(&creation.rp_id, creation.user_id.clone(), Algorithm::Es256)).await
}

fn attested(self_attested: bool, creation: &Creation, credential: &Credential) -> Registration {
    let mut draft = unattested(creation, credential);
    draft.self_attested = self_attested;
    draft
}

async fn takes_self_attestation_only(ctx: &Ctx) -> Result<bool, Stop> {
    let aside = ctx.aside();
    let user = new_user(&aside, &PoolSpec::MAIN).await?;
    for self_attested in [false, true] {
        let (_, creation) = begin(&aside, &user).await?;
        let credential = Credential::new(&creation.rp_id, creation.user_id.clone(), Algorithm::Es256);
        let document = attested(self_attested, &creation, &credential).document();
        if is_served(&aside.send(completion(&user, &document)).await?) {
            return Ok(self_attested);
        }
    }
    Ok(false)
}
