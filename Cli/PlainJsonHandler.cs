using System.Net.Http.Headers;
using System.Text;
using OrleansMemory.Cli.Terminal;

namespace OrleansMemory.Cli;

/// <summary>Makes the JSON of answers readable before it is read. Streams (exports, feeds) pass as they are.</summary>
internal sealed class PlainJsonHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Set on a request whose answer is to pass as it is.</summary>
    public static readonly HttpRequestOptionsKey<bool> LeaveAsItIs = new("omem.leave-as-it-is");

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        MediaTypeHeaderValue? type = response.Content.Headers.ContentType;
        bool isLeft = request.Options.TryGetValue(LeaveAsItIs, out bool asItIs) && asItIs;
        if (
            type?.MediaType is "application/json"
            && !isLeft
            && !request.RequestUri!.AbsolutePath.EndsWith("/export", StringComparison.Ordinal)
        )
        {
            string json = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Content.Dispose();
            response.Content = new StringContent(PlainJson.Of(json), Encoding.UTF8, "application/json");
        }

        return response;
    }
}
