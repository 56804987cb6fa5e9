/// A function's `sandbox`: how strict it is.
public enum SandboxLevel: String, Sendable, Equatable, CaseIterable {
    /// What the kernel offers; a layer that is missing is reported.
    case standard
    /// Namespaces too; a layer that is missing is an error.
    case strict
}
