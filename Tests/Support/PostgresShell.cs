using OrleansMemory.Silo.LocalPostgres;

namespace OrleansMemory.Tests.Support;

/// <summary>Runs shell commands with PostgreSQL's programs on the path, as the account that private servers run as.</summary>
internal sealed class PostgresShell
{
    private readonly LocalPostgresBinaries _binaries = LocalPostgresBinaries.Find() ?? throw LocalPostgresException.NoBinaries();
    private readonly ServerAccount _account = ServerAccount.Choose();

    /// <summary>Runs a script; a command of it that fails fails the test.</summary>
    /// <param name="script">The script, for bash.</param>
    /// <param name="variables">Its environment, on top of ours.</param>
    /// <returns>What it wrote.</returns>
    public async Task<string> RunAsync(string script, params (string Name, string Value)[] variables)
    {
        string path = $"PATH={_binaries.Folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        CommandOutcome outcome = await _account.RunAsync(
            ["env", path, .. variables.Select(variable => $"{variable.Name}={variable.Value}"), "bash", "-euo", "pipefail", "-c", script],
            deadline.Token
        );
        outcome.ThrowIfFailed("A command failed.");
        return outcome.Output;
    }

    /// <summary>Makes a folder that the account owns.</summary>
    /// <returns>The folder, directly under the temporary one.</returns>
    public async Task<string> NewFolderAsync()
    {
        string folder = PostgresDatabase.NewServerFolder();
        Directory.CreateDirectory(folder);
        await _account.OwnAsync(folder, CancellationToken.None);
        return folder;
    }

    /// <summary>Makes a folder in which a private server finds its data, by a script that puts it into <c>$TARGET</c>.</summary>
    /// <param name="variables">Its environment.</param>
    public async Task<string> NewServerFolderAsync(string script, params (string Name, string Value)[] variables)
    {
        string folder = await NewFolderAsync();
        await RunAsync(script, [("TARGET", Path.Combine(folder, "data")), .. variables]);
        await File.WriteAllTextAsync(Path.Combine(folder, "owner.lock"), "");
        return folder;
    }
}
