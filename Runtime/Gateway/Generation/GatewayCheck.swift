import Manifests

/// What only the gateway can tell of a manifest: whether its schemas compile and its keys can be used.
public enum GatewayCheck {
    /// Every problem, in the manifest's order.
    public static func problems(in manifest: Manifest) -> [Diagnostic] {
        var problems = InputValidator.problems(in: manifest)
        if let jwt = manifest.auth?.jwt, let problem = Authenticator.problem(in: jwt) {
            let place = jwt.location ?? SourceLocation(file: manifest.path, line: 1, column: 1)
            problems.append(
                Diagnostic(
                    file: place.file, line: place.line, column: place.column,
                    message: "`auth.jwt`: \(problem)", fix: "mend the key, or name another one"))
        }
        return problems
    }
}
