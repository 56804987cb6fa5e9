import Glibc

/// Whether a function's program can be started at all, told before anything is started.
public enum ExecutableCheck {
    /// What is wrong with the program, as a sentence, and what to do about it.
    public struct Problem: Sendable, Equatable {
        /// What is wrong.
        public var message: String
        /// What to do.
        public var fix: String
    }

    /// The problem of a specification's program; nil when there is none.
    public static func problem(with specification: WorkerSpecification) -> Problem? {
        let path = specification.executable
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == EACCES {
                return Problem(
                    message: "the executable \(path) of \(specification.function) cannot be reached: permission denied",
                    fix: "make its folders accessible")
            }
            return Problem(
                message: "the executable \(path) of \(specification.function) does not exist",
                fix: "build it, or name another program with `run`")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return Problem(
                message: "\(path), the executable of \(specification.function), is not a file",
                fix: "name a program with `run`")
        }
        guard access(path, X_OK) == 0 else {
            return Problem(
                message: "\(path), the executable of \(specification.function), may not be executed",
                fix: "chmod +x \(path)")
        }
        return nil
    }

    /// Whether there is a file of that path which this process may execute.
    static func isExecutableFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
