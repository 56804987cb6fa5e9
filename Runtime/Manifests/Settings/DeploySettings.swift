/// `deploy`: when a change of the manifest or of an executable is applied.
public struct DeploySettings: Sendable, Equatable {
    /// What applies a change.
    public enum Trigger: String, Sendable, Equatable, CaseIterable {
        /// Saving the file.
        case save
        /// `swiftlet apply` or SIGHUP.
        case apply
    }

    /// What applies a change; default saving.
    public var on: Trigger

    /// Makes the settings.
    public init(on: Trigger = .save) {
        self.on = on
    }
}
