using Microsoft.Extensions.Primitives;
using OrleansMemory.AspNetCore;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Users;

namespace OrleansMemory.Silo.Access;

/// <summary>Says for whom a request is that was let in: the tenant of its key, or the one that an operator names.</summary>
internal static class CallerSetup
{
    /// <summary>Sets the caller and passes the request on.</summary>
    /// <param name="next">Answers it.</param>
    /// <exception cref="InvalidRequestException">The header names no tenant.</exception>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (AccessClaims.Find(context.User) is not { } caller)
        {
            return next(context);
        }

        StringValues named = context.Request.Headers[AccessHeaders.Tenant];
        if (named.Count > 0)
        {
            if (caller.Role != AccessRole.Operator)
            {
                return ProblemWriter.WriteAsync(context, SiloProblem.TenantNotYours());
            }

            caller = caller with { Tenant = ReadTenant(named) };
        }

        context.Features.Set(caller);
        return caller.User is null ? next(context) : BindAsync(caller.User, context, next);
    }

    // It goes with every call of a grain that the request makes, whichever route it takes: no route can forget it.
    private static async Task BindAsync(string user, HttpContext context, RequestDelegate next)
    {
        using (BoundUser.Bind(user))
        {
            await next(context);
        }
    }

    private static string ReadTenant(StringValues named)
    {
        try
        {
            return ConversationKey.Create(named.Count == 1 ? named.ToString() : string.Empty, "any").Tenant;
        }
        catch (InvalidRequestException failure)
        {
            throw new InvalidRequestException(AccessHeaders.Tenant, failure.Message);
        }
    }
}
