using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// Who may call a route: <c>RequireAuthorization(AccessPolicies.Reader)</c> and so on. A route without a policy is for operators; a request
/// for which there is no route is answered to whoever has a key.
/// </summary>
internal static class AccessPolicies
{
    /// <summary>Routes that read what a tenant has, or one user of it.</summary>
    public const string Reader = "OrleansMemory.Reader";

    /// <summary>Routes that change it.</summary>
    public const string Writer = "OrleansMemory.Writer";

    /// <summary>Routes for what a tenant has set for itself, its keys included. No key that is bound to a user opens them.</summary>
    public const string TenantAdministrator = "OrleansMemory.TenantAdministrator";

    /// <summary>Routes about all tenants, or about the silos.</summary>
    public const string Operator = "OrleansMemory.Operator";

    /// <summary>
    /// The description of the API: for all callers where keys are configured, since it says nothing of what is kept; else for this machine.
    /// </summary>
    public const string Description = "OrleansMemory.Description";

    /// <summary>Adds the keys, the scheme and the policies.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configuration">The app's configuration.</param>
    /// <exception cref="SettingException">A key is not valid.</exception>
    public static void AddAccess(this IServiceCollection services, ConfigurationManager configuration)
    {
        // What is wrong with them ends the start before anything else begins.
        ApiKeyReader.Read(configuration.GetSection(ApiKeyReader.Section));
        services.AddSingleton(SettingFiles.Watch(configuration));
        services.AddSingleton<ApiKeyRing>();
        services.AddSingleton<TenantKeys>();
        services.AddSingleton<RefusedKeys>();
        services.AddHostedService<TenantKeyRefresh>();

        // Not AddAuthentication: that brings data protection, which writes keys to the home folder and warns that they are not encrypted.
        // No key of ours needs any.
        services.AddAuthenticationCore(options => options.DefaultScheme = ApiKeyHandler.SchemeName);
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        services
            .AddAuthorizationBuilder()
            .AddPolicy(Reader, Least(AccessRole.Reader))
            .AddPolicy(Writer, Least(AccessRole.Writer))
            .AddPolicy(TenantAdministrator, Least(AccessRole.TenantAdministrator))
            .AddPolicy(Operator, Least(AccessRole.Operator))
            .AddPolicy(
                Description,
                policy =>
                    policy.RequireAssertion(static context =>
                        context.User.Identity is { IsAuthenticated: true }
                        || (context.Resource is HttpContext http && http.RequestServices.GetRequiredService<ApiKeyRing>().RequiresKeys)
                    )
            )
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(MayUseUndecided).Build());
    }

    /// <summary>
    /// Lets readers read and writers change what a group of routes is about: by the method, where a route does not say otherwise.
    /// </summary>
    /// <returns>The same routes.</returns>
    public static TBuilder RequireRoleByMethod<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(static endpoint =>
        {
            if (!endpoint.Metadata.OfType<IAuthorizeData>().Any())
            {
                bool reads =
                    endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: { Count: > 0 } methods }
                    && methods.All(HttpMethods.IsGet);
                endpoint.Metadata.Add(new AuthorizeAttribute(reads ? Reader : Writer));
            }
        });
        return builder;
    }

    /// <summary>The least role that a route asks for.</summary>
    /// <param name="endpoint">The route; <see langword="null"/> for none.</param>
    public static AccessRole LeastRole(Endpoint? endpoint) => LeastRole(endpoint?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? []);

    /// <summary>The least role that a route asks for.</summary>
    public static AccessRole LeastRole(IEnumerable<IAuthorizeData> asked) =>
        asked.Select(static one => RoleOf(one.Policy)).DefaultIfEmpty(AccessRole.Operator).Max();

    private static AccessRole RoleOf(string? policy) =>
        policy switch
        {
            Reader or Description => AccessRole.Reader,
            Writer => AccessRole.Writer,
            TenantAdministrator => AccessRole.TenantAdministrator,
            _ => AccessRole.Operator,
        };

    private static Action<AuthorizationPolicyBuilder> Least(AccessRole role) =>
        policy => policy.RequireAuthenticatedUser().RequireClaim(AccessClaims.Role, AccessClaims.AtLeast(role));

    // Routing answers with endpoints of its own where a path has no such method or does not take such a body; they are no routes.
    private static bool MayUseUndecided(AuthorizationHandlerContext context) =>
        context.User.HasClaim(AccessClaims.Role, nameof(AccessRole.Operator))
        || (context.Resource as HttpContext)?.GetEndpoint() is not RouteEndpoint;
}
