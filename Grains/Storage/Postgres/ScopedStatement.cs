using Npgsql;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>
/// A statement that enters the memories through the index of one of the scope's names: as three texts, so that each has one plan for all values. The most telling
/// name leads: of a session there is less than of a user, and of a user less than of an agent.
/// </summary>
/// <param name="text">The text, with <c>{lead}</c> where the leading name's column stands.</param>
internal sealed class ScopedStatement(string text)
{
    private const string Lead = "{lead}";

    private readonly string _bySession = text.Replace(Lead, "session", StringComparison.Ordinal);
    private readonly string _byUser = text.Replace(Lead, "user_id", StringComparison.Ordinal);
    private readonly string _byAgent = text.Replace(Lead, "agent", StringComparison.Ordinal);

    /// <summary>Makes the command for a scope, with the first five parameters: tenant, leading name, agent, user and session.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="connection">Where it runs.</param>
    /// <returns>The command.</returns>
    public NpgsqlCommand For(MemoryScope scope, NpgsqlConnection connection)
    {
        string sql = scope.Session is not null ? _bySession : scope.User is not null ? _byUser : _byAgent;
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Text(scope.Tenant).Text(scope.Session ?? scope.User ?? scope.Agent).Names(scope);
        return command;
    }
}
