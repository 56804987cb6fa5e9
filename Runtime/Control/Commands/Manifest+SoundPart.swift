import Manifests

extension Manifest {
    /// A draft's part that can be looked at further: its functions, but for those in whose lines something is wrong, since
    /// what else is found there may only follow from that. Nil where the folder of their programs is not known.
    func soundPart(of problems: [Diagnostic]) -> Manifest? {
        let errors = problems.filter { $0.severity == .error }
        guard !errors.contains(where: { $0.message.contains("`executables`") }) else { return nil }
        var part = self
        part.auth = nil
        let starts = functions.map(\.location.line).sorted()
        part.functions = functions.filter { function in
            let start = function.location.line
            let end = starts.first { $0 > start } ?? .max
            return !errors.contains { $0.file == function.location.file && (start..<end).contains($0.line) }
        }
        return part
    }
}
