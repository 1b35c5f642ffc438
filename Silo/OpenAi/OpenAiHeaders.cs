using Microsoft.Extensions.Primitives;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>What headers say that OpenAI's bodies have no field for.</summary>
internal static class OpenAiHeaders
{
    /// <summary>The user that a new conversation belongs to.</summary>
    public const string User = "OrleansMemory-User";

    /// <summary>The user that a new conversation is to belong to. A caller who is bound to one need not name it.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The user; <see langword="null"/> for none.</returns>
    /// <exception cref="InvalidRequestException">The header stands there twice, or is empty.</exception>
    /// <exception cref="UserNotAllowedException">The caller is bound to another user.</exception>
    public static string? ReadUser(HttpContext context)
    {
        StringValues named = context.Request.Headers[User];
        return named.Count <= 1 && named is not [""]
            ? RequestTarget.User(context, named.Count == 1 ? named[0] : null)
            : throw new InvalidRequestException(User, "This header holds one user's id.");
    }
}
