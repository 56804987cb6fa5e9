/// What routes must keep to among each other and beside the runtime's own paths.
struct RouteRules {
    /// What is answered without the manifest's word; without the prefix.
    static let healthPaths = ["/health", "/health/live", "/health/ready"]

    let problems: ProblemList
    let manifest: Manifest

    func check(_ functions: [FunctionSettings], _ sections: [Section]) {
        var seen: [String: (owner: FunctionName, line: Int)] = [:]
        let versions = Set(functions.map(\.version)).union([manifest.versions?.default ?? ""])
        for (function, section) in zip(functions, sections) {
            let items = (section.items("route") ?? []) + (section.items("routes") ?? [])
            for item in items {
                guard case .text(let text) = item.value, let route = RoutePattern(text) else { continue }
                checkVersion(route, versions, item.position)
                checkReserved(route, item.position)
                let key = "\(function.version) \(route.method) \(route.shape)"
                if let earlier = seen[key] {
                    problems.error(
                        item.position,
                        "`\(route)` in version \(function.version) is already a route of `\(earlier.owner)`, "
                            + "on line \(earlier.line)",
                        fix: "give one of them another path, method or `version`")
                } else {
                    seen[key] = (function.name, item.position.line)
                }
            }
        }
    }

    private func checkVersion(_ route: RoutePattern, _ versions: Set<String>, _ position: Position) {
        guard case .literal(let first)? = route.segments.first else { return }
        let digits = first.dropFirst()
        let looksLikeOne =
            first.hasPrefix("v") && !digits.isEmpty && digits.utf8.allSatisfy(TextFormat.isDigit)
        guard looksLikeOne || versions.contains(first) else { return }
        let rest = route.path.dropFirst(first.count + 1)
        problems.error(
            position, "`\(route)` begins with a version, which the runtime puts there itself",
            fix: "write `\(route.method) \(rest.isEmpty ? "/" : rest)` and `version: \(first)`")
    }

    private func checkReserved(_ route: RoutePattern, _ position: Position) {
        guard route.method == "GET", route.parameters.isEmpty else { return }
        let path = manifest.server.prefix + route.path
        let own = Self.healthPaths + [manifest.openapi?.path].compactMap { $0 }
        guard own.contains(path) else { return }
        problems.error(
            position, "`\(path)` is answered by the runtime itself", fix: "give the route another path")
    }
}
