using Npgsql;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>
/// A statement that enters the memories through the index of one of the scope's names: as three texts, so that each has one plan for all
/// values. The most telling name leads: of a session there is less than of a user, and of a user less than of an agent.
/// </summary>
/// <param name="text">The text, with <c>{lead}</c> where the leading name's column stands.</param>
internal sealed class ScopedStatement(string text)
{
    private const string Lead = "{lead}";

    private readonly string _bySession = text.Replace(Lead, "session", StringComparison.Ordinal);
    private readonly string _byUser = text.Replace(Lead, "user_id", StringComparison.Ordinal);
    private readonly string _byAgent = text.Replace(Lead, "agent", StringComparison.Ordinal);

    /// <summary>Makes the command for a scope, with the first five parameters: tenant, leading name, agent, user and session.</summary>
    /// <param name="connection">Where it runs.</param>
    public NpgsqlCommand For(MemoryScope scope, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(TextFor(scope), connection);
        Bind(command.Parameters, scope);
        return command;
    }

    /// <summary>Makes the command for a scope as part of a batch, with the same parameters.</summary>
    public NpgsqlBatchCommand For(MemoryScope scope)
    {
        var command = new NpgsqlBatchCommand(TextFor(scope));
        Bind(command.Parameters, scope);
        return command;
    }

    private static void Bind(NpgsqlParameterCollection parameters, MemoryScope scope) =>
        parameters.Text(scope.Tenant).Text(scope.Session ?? scope.User ?? scope.Agent).Names(scope);

    private string TextFor(MemoryScope scope) =>
        scope.Session is not null ? _bySession
        : scope.User is not null ? _byUser
        : _byAgent;
}
