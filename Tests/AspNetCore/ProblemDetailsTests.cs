using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;
using OrleansMemory.AspNetCore;
using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.AspNetCore;

/// <summary>Somebody else's web app that makes one call.</summary>
public sealed class ProblemDetailsTests
{
    public static TheoryData<Exception, HttpStatusCode, string> Known() =>
        new()
        {
            { new InvalidRequestException("messages[2].role", "m"), HttpStatusCode.BadRequest, "invalid-request" },
            { new JsonTooDeepException("messages[0].contents", 70, 64), HttpStatusCode.BadRequest, "json-too-deep" },
            { new ConversationNotFoundException(ConversationKey.Create("t", "c")), HttpStatusCode.NotFound, "conversation-not-found" },
            { new VersionConflictException(1, 2), HttpStatusCode.Conflict, "version-conflict" },
            { new ConditionFailedException([2]), HttpStatusCode.PreconditionFailed, "condition-failed" },
            { new TurnConflictException("t", 2), HttpStatusCode.Conflict, "turn-conflict" },
            { new TurnMessagesDroppedException(2), HttpStatusCode.Gone, "turn-messages-dropped" },
            { new PayloadTooLargeException("p", 2, 1, "bytes"), HttpStatusCode.RequestEntityTooLarge, "payload-too-large" },
            { new MemoryOverloadedException(TimeSpan.FromSeconds(2)), HttpStatusCode.TooManyRequests, "overloaded" },
            {
                MemoryUnavailableException.NoSilo(TimeSpan.FromSeconds(1), new SiloUnavailableException("secret")),
                HttpStatusCode.ServiceUnavailable,
                "unavailable"
            },
        };

    [Theory]
    [MemberData(nameof(Known))]
    public async Task Our_errors_are_problems_in_every_environment_and_with_other_handlers(
        Exception failure,
        HttpStatusCode status,
        string code
    )
    {
        foreach (string environment in new[] { Environments.Production, Environments.Development })
        {
            foreach (bool handles in new[] { false, true })
            {
                await using WebApplication app = await StartAsync(environment, handles, failure);
                using HttpResponseMessage response = await app.GetTestClient().GetAsync(new Uri("/fails", UriKind.Relative));
                string body = await response.Content.ReadAsStringAsync();

                Assert.Equal((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
                using var problem = JsonDocument.Parse(body);
                JsonElement Member(string name) => problem.RootElement.GetProperty(name);
                Assert.Equal(
                    (code, "urn:orleans-memory:problem:" + code, (int)status),
                    (Member("code").GetString(), Member("type").GetString(), Member("status").GetInt32())
                );
                Assert.Equal(
                    status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable,
                    response.Headers.RetryAfter is not null
                );
                Assert.False(string.IsNullOrEmpty(Member("traceId").GetString()));
                Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
                Assert.False(response.Headers.Contains("X-Begun"));
            }
        }
    }

    [Fact]
    public async Task Depth_and_limit_are_members_of_the_problem()
    {
        await using WebApplication app = await StartAsync(
            Environments.Production,
            handles: false,
            new JsonTooDeepException("messages[0].contents", 70, 64)
        );

        using var problem = JsonDocument.Parse(
            await (await app.GetTestClient().GetAsync(new Uri("/fails", UriKind.Relative))).Content.ReadAsStringAsync()
        );

        Assert.Equal((70, 64), (problem.RootElement.GetProperty("depth").GetInt32(), problem.RootElement.GetProperty("limit").GetInt32()));
        Assert.Equal("messages[0].contents", problem.RootElement.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task Other_exceptions_stay_the_apps_own()
    {
        await using WebApplication own = await StartAsync(Environments.Production, handles: true, new InvalidOperationException("theirs"));
        await using WebApplication none = await StartAsync(
            Environments.Production,
            handles: false,
            new InvalidOperationException("theirs")
        );

        using HttpResponseMessage handled = await own.GetTestClient().GetAsync(new Uri("/fails", UriKind.Relative));

        Assert.Equal("handled by the app", await handled.Content.ReadAsStringAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => none.GetTestClient().GetAsync(new Uri("/fails", UriKind.Relative)));
    }

    private static async Task<WebApplication> StartAsync(string environment, bool handles, Exception failure)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Services.AddOrleansMemoryProblemDetails().AddOrleansMemoryProblemDetails();
        WebApplication app = builder.Build();
        if (handles)
        {
            app.UseExceptionHandler(branch => branch.Run(context => context.Response.WriteAsync("handled by the app")));
        }

        app.MapGet(
            "/fails",
            (HttpContext context) =>
            {
                context.Response.Headers["X-Begun"] = "1";
                throw failure;
            }
        );
        await app.StartAsync();
        return app;
    }
}
