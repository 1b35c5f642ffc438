using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Users;

/// <summary>
/// Binds calls to one user: whatever is called until the binding ends sees and changes only what belongs to that user. It goes with the
/// calls, from client to silo, and each grain decides by it where it decides everything else, so that nothing can come between a look and a
/// change.
/// </summary>
/// <remarks>
/// <para>
/// A conversation that belongs to another user, or to none, is to a bound call one that does not exist: reads find nothing, and turns are
/// refused as not found, also those that would have begun one under its id. What a bound call begins belongs to its user; naming another
/// user is refused with <see cref="UserNotAllowedException"/>. So are lists, searches and scopes of memories that do not name the user, the
/// settings of tenants, and every call of a grain about which nothing was decided.
/// </para>
/// <para>
/// Calls that grains make on their own behalf are not bound. Silos of releases before this one do not know bindings: use them once every
/// silo has been upgraded.
/// </para>
/// </remarks>
public static class BoundUser
{
    private const string Name = "orleans-memory.user";

    /// <summary>The user that calls are bound to now.</summary>
    /// <value><see langword="null"/> where they are bound to none.</value>
    public static string? Current => RequestContext.Get(Name) as string;

    /// <summary>Binds the calls of this asynchronous flow from now on.</summary>
    /// <param name="userId">The user, as <see cref="ConversationSettings.UserId"/> names it.</param>
    /// <returns>Ends the binding when it is disposed of.</returns>
    /// <exception cref="ArgumentException">The user is empty.</exception>
    /// <example>
    /// <code>
    /// using (BoundUser.Bind("ada"))
    /// {
    ///     // Null, unless the conversation is ada's.
    ///     Head? head = await conversation.GetHeadAsync();
    /// }
    /// </code>
    /// </example>
    public static IDisposable Bind(string userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        var binding = new Binding(Current);
        RequestContext.Set(Name, userId);
        return binding;
    }

    /// <summary>Whether what belongs to a user may be seen now.</summary>
    /// <param name="userId">The user it belongs to; <see langword="null"/> for no one.</param>
    /// <returns>Whether it may: to calls that are bound to this user, and to those that are bound to none.</returns>
    public static bool Owns(string? userId) => Current is not { } bound || string.Equals(bound, userId, StringComparison.Ordinal);

    /// <summary>Refuses what is not for the user that calls are bound to.</summary>
    /// <param name="userId">The user it is for; <see langword="null"/> for no one, or everybody.</param>
    /// <exception cref="UserNotAllowedException">Calls are bound to another user.</exception>
    public static void Require(string? userId)
    {
        if (!Owns(userId))
        {
            throw new UserNotAllowedException();
        }
    }

    private sealed class Binding(string? before) : IDisposable
    {
        public void Dispose()
        {
            if (before is null)
            {
                RequestContext.Remove(Name);
            }
            else
            {
                RequestContext.Set(Name, before);
            }
        }
    }
}
