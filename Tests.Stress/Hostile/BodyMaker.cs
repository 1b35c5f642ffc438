using System.Text;
using System.Text.Json;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>Makes bodies of an operation's examples: as they are, with a part that is wrong, or with bytes that are.</summary>
internal static class BodyMaker
{
    private static readonly byte[] Bom = [0xEF, 0xBB, 0xBF];

    /// <summary>A body that is as it should be.</summary>
    public static byte[] Valid(Dice dice, Operation operation) =>
        operation.Bodies.IsEmpty ? "{}"u8.ToArray() : Encoding.UTF8.GetBytes(JsonSerializer.Serialize(dice.Pick(operation.Bodies)));

    /// <summary>A body with something in it that should not be.</summary>
    public static byte[] Hostile(Dice dice, Operation operation)
    {
        if (dice.Hits(3))
        {
            return HostileValues.Huge(dice);
        }

        RawJson json =
            operation.Bodies.IsEmpty || dice.Hits(30) ? RawJson.Of(HostileValues.Value(dice)) : RawJson.Of(dice.Pick(operation.Bodies));
        for (int changes = 1 + dice.Next(3); changes > 0; changes--)
        {
            Change(dice, json);
        }

        byte[] bytes = json.Write();
        return dice.Hits(250) ? Spoil(dice, bytes) : bytes;
    }

    private static void Change(Dice dice, RawJson json)
    {
        RawJson part = dice.Pick(json.All());
        switch (dice.Next(10))
        {
            case 0 when part.Properties is { Count: > 0 } properties:
                properties.RemoveAt(dice.Next(properties.Count));
                break;
            case 1 when part.Properties is { Count: > 0 } properties:
                properties.Add(dice.Pick(properties));
                break;
            case 2 or 3 when part.Properties is { } properties:
                properties.Insert(dice.Next(properties.Count + 1), (HostileValues.Name(dice), RawJson.Of(HostileValues.Value(dice))));
                break;
            case 4 when part.Properties is { Count: > 0 } properties:
                int place = dice.Next(properties.Count);
                properties[place] = (HostileValues.Name(dice), properties[place].Value);
                break;
            case 5 when part.Items is { Count: > 0 } items:
                items.AddRange(Enumerable.Repeat(dice.Pick(items), dice.Next(300)));
                break;
            case 6:
                part.Wrap();
                break;
            case 7:
                part.Become(dice.Pick(json.All()) is { Value: { } value } ? RawJson.Of(value) : RawJson.Of(HostileValues.Text(dice)));
                break;
            default:
                part.Become(RawJson.Of(HostileValues.Value(dice)));
                break;
        }
    }

    private static byte[] Spoil(Dice dice, byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return [0];
        }

        int place = dice.Next(bytes.Length);
        return dice.Next(10) switch
        {
            0 => [.. Bom, .. bytes],
            1 => bytes[..place],
            2 => [.. bytes, .. bytes],
            3 => [.. bytes, .. HostileValues.Value(dice)],
            4 => [.. bytes[..place], 0xFF, .. bytes[place..]],
            5 => Flip(bytes, place, dice),
            6 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes)),
            7 => [.. HostileValues.Many(" "u8, dice.Next(70_000)), .. bytes],
            8 => [],
            _ => Noise(dice),
        };
    }

    private static byte[] Flip(byte[] bytes, int place, Dice dice)
    {
        bytes[place] ^= (byte)(1 << dice.Next(8));
        return bytes;
    }

    private static byte[] Noise(Dice dice)
    {
        byte[] noise = new byte[dice.Next(300)];
        dice.Fill(noise);
        return noise;
    }
}
