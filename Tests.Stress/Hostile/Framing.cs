using System.Globalization;
using System.Text;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>Says in headers how long a body is, and writes it so, or otherwise.</summary>
internal static class Framing
{
    /// <summary>Frames a body.</summary>
    /// <returns>What follows the headers, whether it is odd, and whether something that was announced does not come.</returns>
    public static (byte[] Sent, bool IsOdd, bool IsAbandoned) Frame(Dice dice, HeaderMaker headers, byte[] body, bool isHostile)
    {
        if (!isHostile)
        {
            if (body.Length > 0 && dice.Hits(150))
            {
                headers.Add("Transfer-Encoding", "chunked");
                return (Chunked(dice, body, "", "0\r\n\r\n"), false, false);
            }

            if (body.Length > 0 || headers is { IsOddHttp: false })
            {
                headers.Add("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));
            }

            return (body, false, false);
        }

        switch (dice.Next(13))
        {
            case 0:
                headers.Add("Content-Length", (body.Length + 1 + dice.Next(100_000)).ToString(CultureInfo.InvariantCulture));
                return (body, true, true);
            case 1:
                headers.Add("Content-Length", dice.Next(Math.Max(1, body.Length)).ToString(CultureInfo.InvariantCulture));
                return (body, true, false);
            case 2:
                headers.Add("Content-Length", dice.Pick(["-1", "+1", "1e3", "", "0x10", "99999999999999999999", "1, 1", "\u00ff"]));
                return (body, true, false);
            case 3:
                headers.Add("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));
                headers.Add("Content-Length", (body.Length + 1).ToString(CultureInfo.InvariantCulture));
                return (body, true, false);
            case 4:
                headers.Add("Content-Length", "3");
                headers.Add("Transfer-Encoding", "chunked");
                return (Chunked(dice, body, "", "0\r\n\r\n"), true, false);
            case 5:
                headers.Add("Transfer-Encoding", "chunked");
                return (Chunked(dice, body, ";name=\"value\"", "0\r\nX-Trailer: \u00ff\r\nContent-Length: 1\r\n\r\n"), true, false);
            case 6:
                headers.Add("Transfer-Encoding", "chunked");
                return (Chunked(dice, body, "", ""), true, true);
            case 7:
                headers.Add("Transfer-Encoding", "chunked");
                return (
                    Encoding.Latin1.GetBytes(
                        dice.Pick([
                            "FFFFFFFFFFFFFFFF\r\nx",
                            "7FFFFFFF0\r\nx",
                            "-1\r\nx",
                            "zz\r\n",
                            "1\r\nxyz\r\n0\r\n\r\n",
                            "1;" + new string('x', 20_000) + "\r\nx\r\n0\r\n\r\n",
                        ])
                    ),
                    true,
                    false
                );
            case 8:
                headers.Add("Transfer-Encoding", dice.Pick(["gzip, chunked", "chunked, chunked", "x", "chunked;q=1", "identity"]));
                return (Chunked(dice, body, "", "0\r\n\r\n"), true, true);
            case 9:
                headers.Add("Content-Length", (32L * 1024 * 1024 * (1 + dice.Next(40))).ToString(CultureInfo.InvariantCulture));
                return (body, true, true);
            case 10:
                headers.Add("Transfer-Encoding", "chunked");
                return (Encoding.Latin1.GetBytes(dice.Pick(["5\r\nabc", "\r\n\r\n", "1\nx\n0\n\n", "7FFFFFFF\r\nx"])), true, true);
            case 11:
                // Another request in the body's place, as smuggled ones come.
                return ("GET /v1/tenant HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), true, false);
            default:
                headers.Add("Content-Length", Math.Max(1, body.Length).ToString(CultureInfo.InvariantCulture));
                return (body[..(body.Length / 2)], true, true);
        }
    }

    private static byte[] Chunked(Dice dice, byte[] body, string extension, string end)
    {
        var chunks = new MemoryStream();
        for (int start = 0; start < body.Length;)
        {
            int length = Math.Min(body.Length - start, 1 + dice.Next(dice.Hits(500) ? 16 : 60_000));
            chunks.Write(Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length:x}{extension}\r\n")));
            chunks.Write(body.AsSpan(start, length));
            chunks.Write("\r\n"u8);
            start += length;
        }

        chunks.Write(Encoding.Latin1.GetBytes(end));
        return chunks.ToArray();
    }
}
