namespace OrleansMemory.Silo.LocalPostgres;

/// <summary>A private PostgreSQL server could not be made, started or stopped. The message says what to do about it.</summary>
internal sealed class LocalPostgresException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was wrong, and what would help.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public LocalPostgresException(string message, Exception? innerException = null)
        : base(message, innerException) { }

    /// <summary>There are no binaries to run.</summary>
    /// <returns>The error.</returns>
    public static LocalPostgresException NoBinaries() =>
        new(
            "PostgreSQL 15 or later was not found. Install it (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; "
                + "macOS: brew install postgresql@17), put its folder of binaries on the PATH, or set ConnectionStrings__Postgres to a server that runs."
        );
}
