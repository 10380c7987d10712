/**
 * Common emoji by group, with the names that `:name:` knows. One small table serves the picker and
 * the completion; every other emoji comes from the reader's own keyboard. Pure.
 */

/** One emoji with its names, the usual one first. */
export interface Emoji {
  readonly emoji: string;
  readonly names: readonly string[];
}

/** The groups, in the order of the picker; each heading is a word of its own. */
export type EmojiGroup = keyof typeof TABLE;

/** What most people say with one tap. */
export const QUICK: readonly string[] = ['👍', '❤️', '😂', '🎉', '😮', '🙏'];

/** `name,other-name emoji`, pair after pair. */
const TABLE = {
  emojiFaces: `smile,happy 😄 grinning,grin 😀 beaming 😁 laughing,haha 😆 sweat_smile 😅 joy,lol 😂
    rofl 🤣 slight_smile 🙂 upside_down 🙃 wink 😉 blush 😊 innocent,angel 😇 hearts_face 🥰
    heart_eyes 😍 star_struck 🤩 kissing_heart,kiss 😘 yum 😋 tongue 😛 zany 🤪 hug 🤗 shush 🤫
    thinking,hmm 🤔 salute 🫡 raised_eyebrow 🤨 neutral 😐 expressionless 😑 smirk 😏 unamused 😒
    eye_roll 🙄 grimacing 😬 relieved 😌 pensive,sad 😔 sleepy 😪 sleeping,zzz 😴 mask 😷 sick 🤒
    nauseated 🤢 sneezing 🤧 hot 🥵 cold 🥶 dizzy_face 😵 exploding_head,mind_blown 🤯 cowboy 🤠
    party_face 🥳 sunglasses,cool 😎 nerd 🤓 confused 😕 worried 😟 open_mouth,wow 😮 astonished 😲
    flushed 😳 pleading 🥺 fearful 😨 anxious 😰 cry 😢 sob 😭 scream 😱 disappointed 😞 weary 😩
    yawning 🥱 triumph 😤 angry 😠 rage 😡 devil 😈 skull 💀 poop 💩 clown 🤡 ghost 👻 alien 👽
    robot 🤖`,
  emojiPeople: `thumbsup,+1,yes 👍 thumbsdown,-1,no 👎 clap,applause 👏 raised_hands,hooray 🙌
    pray,thanks,please 🙏 handshake,deal 🤝 wave,hello,bye 👋 ok_hand 👌 victory,peace ✌️
    crossed_fingers,luck 🤞 love_you 🤟 rock_on 🤘 call_me 🤙 point_left 👈 point_right 👉
    point_up 👆 point_down 👇 raised_hand,stop ✋ fist_bump 👊 fist ✊ muscle,strong 💪 writing ✍️
    eyes,look 👀 brain 🧠 shrug 🤷 facepalm 🤦 raising_hand 🙋 bow 🙇 dancer 💃 running 🏃 baby 👶
    family 👪`,
  emojiNature: `dog 🐶 cat 🐱 mouse 🐭 rabbit 🐰 fox 🦊 bear 🐻 panda 🐼 lion 🦁 monkey,see_no_evil 🙈
    chicken 🐔 penguin 🐧 bird 🐦 owl 🦉 unicorn 🦄 bee 🐝 bug 🐛 butterfly 🦋 snail 🐌 turtle 🐢
    octopus 🐙 fish 🐟 whale 🐳 dragon 🐉 bouquet 💐 rose 🌹 sunflower 🌻 seedling 🌱 tree 🌳 cactus 🌵
    clover 🍀 mushroom 🍄 earth,world 🌍 moon 🌙 star ⭐ sparkles ✨ zap,lightning ⚡ fire,lit 🔥
    rainbow 🌈 sun,sunny ☀️ cloud ☁️ rain 🌧️ snowflake ❄️ snowman ⛄ droplet 💧 ocean 🌊`,
  emojiFood: `apple 🍎 lemon 🍋 banana 🍌 watermelon 🍉 grapes 🍇 strawberry 🍓 cherries 🍒 peach 🍑
    avocado 🥑 bread 🍞 cheese 🧀 egg 🥚 burger 🍔 fries 🍟 pizza 🍕 hotdog 🌭 taco 🌮 salad 🥗
    sushi 🍣 ramen,noodles 🍜 popcorn 🍿 ice_cream 🍦 doughnut 🍩 cookie 🍪 cake 🍰 birthday 🎂
    chocolate 🍫 coffee ☕ tea 🍵 beer 🍺 cheers 🍻 wine 🍷 champagne 🍾 cocktail 🍸`,
  emojiThings: `tada,party,congratulations 🎉 balloon 🎈 gift,present 🎁 trophy 🏆 medal 🥇 soccer ⚽
    basketball 🏀 tennis 🎾 dart,bullseye 🎯 game 🎮 dice 🎲 art 🎨 music 🎵 guitar 🎸 microphone 🎤
    movie 🎬 camera 📷 phone 📱 computer 💻 keyboard ⌨️ bulb,idea 💡 book 📖 books 📚 memo,note 📝
    pushpin,pin 📌 paperclip 📎 calendar 📅 chart 📈 email 📧 package 📦 lock 🔒 key 🔑 hammer 🔨
    wrench,fix 🔧 gear ⚙️ magnifier,search 🔍 bell 🔔 hourglass ⏳ clock,alarm ⏰ money 💰 rocket,ship 🚀
    airplane ✈️ car 🚗 bike 🚲 train 🚆 sailboat ⛵ house,home 🏠 office 🏢 tent ⛺ bath 🛁 bed 🛏️`,
  emojiSigns: `heart,love ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜
    black_heart 🖤 broken_heart 💔 two_hearts 💕 hundred,100 💯 boom 💥 anger 💢 dizzy 💫 speech 💬
    thought 💭 check,done ✅ cross,wrong ❌ question ❓ exclamation ❗ warning ⚠️ no_entry ⛔
    recycle ♻️ plus ➕ minus ➖ right_arrow ➡️ left_arrow ⬅️ up_arrow ⬆️ down_arrow ⬇️ red_circle 🔴
    yellow_circle 🟡 green_circle 🟢 blue_circle 🔵 flag 🚩 checkered_flag,finish 🏁 white_flag 🏳️`,
} as const;

/** Every group with what is in it. */
export const emojiGroups: ReadonlyMap<EmojiGroup, readonly Emoji[]> = new Map(
  Object.entries(TABLE).map(([group, words]) => [group as EmojiGroup, pairsOf(words)]),
);

function pairsOf(words: string): readonly Emoji[] {
  const found: Emoji[] = [];
  const tokens = words.split(/\s+/);
  for (let i = 0; i + 1 < tokens.length; i += 2) {
    found.push({ names: (tokens[i] ?? '').split(','), emoji: tokens[i + 1] ?? '' });
  }
  return found;
}

/** Emoji whose name begins with the words, then those that have them inside. */
export function findEmoji(asked: string): readonly Emoji[] {
  const words = asked.trim().toLowerCase().replace(/\s+/g, '_');
  const all = [...emojiGroups.values()].flat();
  const rank = ({ names }: Emoji): number => {
    if (names.includes(words)) return 0;
    if (names.some((name) => name.startsWith(words))) return 1;
    return names.some((name) => name.includes(words)) ? 2 : 3;
  };
  const near = [0, 1, 2].map((wanted) => all.filter((emoji) => rank(emoji) === wanted));
  return near.flat();
}

/** The emoji that has exactly this name. */
export function emojiNamed(name: string): string | undefined {
  const [first] = findEmoji(name);
  return first?.names.includes(name.toLowerCase()) ? first.emoji : undefined;
}
