import Foundation
import Gateway
import JSONCoding
import Manifests
import Workers

/// A manifest as a command reads it: from a file, with this process's environment.
public enum ManifestSource {
    /// Reads, resolves and checks the manifest at `path`, all problems at once.
    /// - Parameter checkingExecutables: also report functions whose program is missing or cannot be run.
    public static func load(_ path: String, checkingExecutables: Bool = false) -> ManifestReport {
        let loaded = ManifestLoader.load(path: path, environment: ProcessInfo.processInfo.environment)
        var diagnostics = loaded.diagnostics
        if let readable = loaded.manifest ?? loaded.draft?.soundPart(of: loaded.diagnostics) {
            diagnostics += GatewayCheck.problems(in: readable)
            if checkingExecutables { diagnostics += missingExecutables(readable) }
            diagnostics.sort { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
        }
        let isBroken = diagnostics.contains { $0.severity == .error }
        return ManifestReport(path: path, manifest: isBroken ? nil : loaded.manifest, diagnostics: diagnostics)
    }

    /// One diagnostic for each function whose program is missing or cannot be run.
    static func missingExecutables(_ manifest: Manifest) -> [Diagnostic] {
        manifest.functions.compactMap { function in
            let inherited = ProcessInfo.processInfo.environment
            let specification = WorkerSpecification(function, in: manifest, inherited: inherited)
            guard let problem = ExecutableCheck.problem(with: specification) else { return nil }
            var fix = problem.fix
            if case .swift(let name) = function.run { fix = "run `swift build -c release --product \(name)`" }
            return Diagnostic(
                severity: .error, file: function.location.file, line: function.location.line,
                column: function.location.column, message: problem.message, fix: fix)
        }
    }
}
