/// A request whose caller is known.
struct AuthenticatedRequest {
    let located: LocatedRequest
    /// Who calls; nil for nobody in particular.
    let identity: Identity?
}

/// A request whose caller may do what it asks for, and not too often.
struct AdmittedRequest {
    let located: LocatedRequest
}

/// What asking for the caller comes to.
enum Authentication {
    case authenticated(AuthenticatedRequest)
    /// A token has to be verified first.
    case pending(PendingVerification)
}
