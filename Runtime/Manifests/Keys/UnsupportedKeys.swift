/// Keys and values that are known but not obeyed yet; what is in them is not looked at. Whoever makes one work removes
/// its line.
///
/// A name is the way to the key from the top; `function.` stands for `defaults` and for each of `functions`.
/// After `=` comes one value of that key. What is below a key that is refused is not named again.
enum UnsupportedKeys {
    /// Parsed into typed values already.
    static let typed: Set<String> = [
        "server.listen=systemd",
        "workers",
        "deploy",
        "function.scale.stable",
        "function.scale.requests",
        "function.memory",
        "function.processes",
        "function.allow",
        "function.sandbox",
        "function.smoke",
        "function.traffic",
        "function.rollback",
    ]

    /// Known by name only; never allowed.
    static let later: Set<String> = [
        "store",
        "queue",
        "tls",
        "function.cpu",
        "function.run.lambda",
        "function.run.http",
        "function.async",
        "function.retryPolicy",
        "function.onFailure",
        "function.schedule",
        "function.queue",
    ]
}
