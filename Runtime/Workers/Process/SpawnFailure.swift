import CSandbox
import Glibc

/// Why there is no process.
struct SpawnFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where it failed.
    enum Step: Sendable, Equatable {
        /// Making the socket, the pipes or the shared memory.
        case preparation
        /// Making the process.
        case clone
        /// The child's session, parent-death signal or check of its parent.
        case parent
        /// The child's descriptors.
        case descriptors
        /// The child's resource limits.
        case limits
        /// The child's working directory.
        case directory
        /// No-new-privileges.
        case privileges
        /// Executing the program.
        case execute
        /// The gateway is stopping.
        case stopped
    }

    var step: Step
    /// The error number of the system call; 0 without one.
    var number: Int32

    init(_ step: Step, _ number: Int32) {
        self.step = step
        self.number = number
    }

    /// What `swiftlet_spawn` reports.
    init(step: Int32, number: Int32) {
        self.number = number
        self.step =
            switch step {
            case swiftlet_step_parent: .parent
            case swiftlet_step_descriptors: .descriptors
            case swiftlet_step_limits: .limits
            case swiftlet_step_directory: .directory
            case swiftlet_step_privileges: .privileges
            case swiftlet_step_execute: .execute
            default: .clone
            }
    }

    var description: String {
        let what =
            switch step {
            case .preparation: "no socket, pipe or shared memory could be made for it"
            case .clone: "no process could be made"
            case .parent: "its session could not be set up"
            case .descriptors: "its descriptors could not be set up"
            case .limits: "its resource limits could not be set"
            case .directory: "its working directory could not be entered"
            case .privileges: "no-new-privileges could not be set"
            case .execute: "its program could not be executed"
            case .stopped: "the gateway is stopping"
            }
        return number == 0 ? what : "\(what): \(String(cString: strerror(number)))"
    }
}
