using System.Diagnostics;

namespace OrleansMemory.Silo.LocalPostgres;

/// <summary>
/// The account that a private server runs as: our own, or <c>postgres</c> when we are root, as PostgreSQL refuses to run as root.
/// </summary>
internal sealed class ServerAccount
{
    private const string Name = "postgres";

    // setpriv first: it becomes the command, while runuser and su stay in between.
    private static readonly string[][] Switches =
    [
        ["setpriv", "--reuid=" + Name, "--regid=" + Name, "--init-groups", "--"],
        ["runuser", "-u", Name, "--"],
        ["sudo", "-n", "-u", Name, "--"],
    ];

    private readonly string[] _prefix;

    private ServerAccount(string[] prefix) => _prefix = prefix;

    /// <summary>Whether it is another account than ours.</summary>
    public bool IsForeign => _prefix.Length > 0;

    /// <summary>Chooses the account.</summary>
    /// <exception cref="LocalPostgresException">We are root, and there is no account or no way to it.</exception>
    public static ServerAccount Choose()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerAccount([]);
        }

        if (!File.ReadLines("/etc/passwd").Any(line => line.StartsWith(Name + ":", StringComparison.Ordinal)))
        {
            throw new LocalPostgresException(
                "PostgreSQL does not run as root, and there is no account 'postgres'. Make it (useradd --system postgres), or run as another account."
            );
        }

        string[] folders =
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
            "/usr/bin",
            "/bin",
            "/usr/sbin",
            "/sbin",
        ];
        string[]? found = Switches.FirstOrDefault(prefix => folders.Any(folder => File.Exists(Path.Combine(folder, prefix[0]))));
        return found is null
            ? throw new LocalPostgresException(
                "PostgreSQL does not run as root. Install setpriv or runuser (util-linux), or run as another account."
            )
            : new ServerAccount([.. found]);
    }

    /// <summary>Runs a command as this account, to its end.</summary>
    /// <param name="command">The command and its arguments.</param>
    /// <returns>Its exit code and what it wrote.</returns>
    public Task<CommandOutcome> RunAsync(string[] command, CancellationToken cancellationToken) =>
        RunCommandAsync([.. _prefix, .. command], cancellationToken);

    /// <summary>Makes this account the owner of a folder of ours.</summary>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="LocalPostgresException">It could not be done.</exception>
    public async Task OwnAsync(string folder, CancellationToken cancellationToken)
    {
        if (IsForeign)
        {
            CommandOutcome outcome = await RunCommandAsync(["chown", Name + ":", folder], cancellationToken);
            outcome.ThrowIfFailed("The folder of the private PostgreSQL server could not be given to the account 'postgres'.");
        }
    }

    private static async Task<CommandOutcome> RunCommandAsync(string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (string variable in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new CommandOutcome(process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}

/// <summary>How a command ended.</summary>
/// <param name="Output">What it wrote.</param>
internal readonly record struct CommandOutcome(int ExitCode, string Output)
{
    /// <summary>Throws when it failed.</summary>
    /// <param name="problem">What that means.</param>
    /// <exception cref="LocalPostgresException">It failed.</exception>
    public void ThrowIfFailed(string problem)
    {
        if (ExitCode != 0)
        {
            throw new LocalPostgresException($"{problem} {Output.Trim()}");
        }
    }
}
