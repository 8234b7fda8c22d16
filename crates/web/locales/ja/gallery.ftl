gallery-maker = 製造者名
gallery-maker-hint = 例）株式会社サンプル製作所
