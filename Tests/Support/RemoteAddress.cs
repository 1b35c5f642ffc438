using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// Makes a request of a test server come from the address that it names in a header; without one it comes from none, as test servers have
/// it.
/// </summary>
internal sealed class RemoteAddress : IStartupFilter
{
    private const string Header = "Test-Remote-Address";

    /// <summary>The header of a request from an address.</summary>
    public static (string Name, string Value) Of(string address) => (Header, address);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(
                (context, rest) =>
                {
                    if (context.Request.Headers[Header].ToString() is { Length: > 0 } address)
                    {
                        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
                    }

                    return rest(context);
                }
            );
            next(app);
        };
}
